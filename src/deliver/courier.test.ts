import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Courier, type CourierOptions } from "./courier.ts";
import { signatureOf } from "./http-post.ts";
import { NoticeSink } from "./notice-sink.ts";
import { parseTarget } from "./target.ts";
import { type Answer, alert, finding, kinds, Receiver } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "odw-courier-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "key"), "swordfish");
let directories = 0;

function courierTo(address: string, more: Partial<CourierOptions> = {}, kind: "webhook" | "syslog" = "webhook") {
  const logged: string[] = [];
  const target = parseTarget(kind, address, kinds);
  const courier = new Courier(target, {
    directory: join(folder, `queue-${directories++}`),
    messagesMax: 1000,
    bytesMax: 1e7,
    ageMsMax: 3_600_000,
    answerMs: 300,
    gatherMs: 60,
    waitMs: 20,
    log: (text) => logged.push(text),
    ...more,
  });
  const sink = new NoticeSink([courier]);
  const tell = (...events: readonly object[]) => sink.write(Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join("")));
  return { courier, sink, tell, logged };
}

const titles = ({ received }: Receiver): readonly string[] =>
  received.flatMap(({ body }) =>
    (JSON.parse(body) as { readonly notices: readonly { readonly title: string }[] }).notices.map(({ title }) => title),
  );

test("findings and alerts are posted, signed, gathered into one message; other events and what is harmless are not", async () => {
  await using receiver = await Receiver.start();
  const { sink, tell, courier } = courierTo(`a ${receiver.url}/T0/hidden secret=file:${folder}/key severity=medium`);
  await sink.start();
  const flow = { timestamp: "", event_type: "flow", note: '"event_type":"alert"' };
  await tell(flow, finding(1), flow, alert(1), alert(4, "harmless"), finding(2, { severity: "low" }));
  await expect.poll(() => receiver.received.length).toBe(1);
  expect(titles(receiver)).toEqual(["10.0.0.1 calls home", "ET TEST"]);
  const [{ headers, body, path }] = receiver.received as [Receiver["received"][0]];
  expect([path, headers["content-type"]]).toEqual(["/T0/hidden", "application/json; charset=utf-8"]);
  expect(headers["x-oddwire-signature"]).toBe(signatureOf("swordfish", String(headers["x-oddwire-timestamp"]), body));
  await sink[Symbol.asyncDispose]();
  expect(courier.state).toMatchObject({ sent: 1, queued: 0, failed: 0, host: new URL(receiver.url).host });
});

test.each<[string, readonly Answer[], number, RegExp]>([
  ["fails", [500, 503], 2, /it answered 500; it is tried again/],
  ["closes the connection", ["close"], 1, /it cannot be reached \(UND_ERR_SOCKET\)/],
  ["hangs", ["hang"], 1, /no answer within 0.3 s/],
  ["says not now, and when", [{ status: 429, headers: { "retry-after": "0" } }], 1, /it answered 429/],
  ["has a wrong token, until somebody mends it", [401, 404], 2, /it answered 401/],
])("a receiver that %s gets the message again, the same one", async (_case, answers, failed, says) => {
  await using receiver = await Receiver.start(answers);
  const { sink, tell, courier, logged } = courierTo(`a ${receiver.url}/T0/hidden`);
  await sink.start();
  await tell(finding(1));
  await expect.poll(() => courier.state.sent).toBe(1);
  expect(courier.state).toMatchObject({ failed, queued: 0 });
  expect(new Set(receiver.received.map(({ headers, body }) => `${String(headers["x-oddwire-delivery"])} ${body}`)).size).toBe(1);
  expect(logged[0]).toMatch(says);
  expect(logged.at(-1)).toMatch(/messages are taken again/);
  expect(logged.join()).not.toMatch(/hidden|127\.0\.0\.1/);
  await sink[Symbol.asyncDispose]();
});

test("a receiver that asks for time gets it", async () => {
  await using receiver = await Receiver.start([{ status: 429, headers: { "retry-after": "1" } }]);
  const { sink, tell, courier } = courierTo(`a ${receiver.url}`);
  await sink.start();
  await tell(finding(1));
  await expect.poll(() => courier.state.failed).toBe(1);
  const began = performance.now();
  await expect.poll(() => courier.state.sent).toBe(1);
  expect(performance.now() - began).toBeGreaterThan(800);
  await sink[Symbol.asyncDispose]();
});

test("what will never be taken, and redirections, are given up after one attempt", async () => {
  await using other = await Receiver.start();
  await using receiver = await Receiver.start([400, { status: 307, headers: { location: other.url } }]);
  const { sink, tell, courier, logged } = courierTo(`a ${receiver.url} cooldown=0`);
  await sink.start();
  await tell(finding(1));
  await expect.poll(() => courier.state.refused).toBe(1);
  await tell(finding(2));
  await expect.poll(() => courier.state.refused).toBe(2);
  expect([courier.state.queued, other.received.length]).toEqual([0, 0]);
  expect(logged[0]).toBe("webhook a: a message was refused: it answered 400");
  await sink[Symbol.asyncDispose]();
});

test("messages of a killed program are sent by the next one", async () => {
  const directory = join(folder, "killed");
  const script = `
    import { Courier } from ${JSON.stringify(join(import.meta.dirname, "courier.ts"))};
    import { NoticeSink } from ${JSON.stringify(join(import.meta.dirname, "notice-sink.ts"))};
    import { parseTarget } from ${JSON.stringify(join(import.meta.dirname, "target.ts"))};
    import { finding, kinds } from ${JSON.stringify(join(import.meta.dirname, "testing.ts"))};
    const courier = new Courier(parseTarget("webhook", "a http://127.0.0.1:39617/", kinds), { directory: ${JSON.stringify(directory)},
      messagesMax: 100, bytesMax: 1e6, ageMsMax: 3600000, gatherMs: 20, log: (text) => process.stdout.write(text + "\\n") });
    const sink = new NoticeSink([courier]);
    await sink.start();
    for (let i = 1; i <= 3; i++) {
      await sink.write(Buffer.from(JSON.stringify(finding(i)) + "\\n"));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    process.stdout.write("ready\\n");
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (part: Buffer) => {
    said += part.toString();
  });
  await expect.poll(() => said).toContain("ready");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(said).toMatch(/it cannot be reached \(ECONNREFUSED\)/);
  expect(readdirSync(directory).length).toBe(3);
  await using receiver = await Receiver.start();
  const { sink, courier } = courierTo(`a ${receiver.url}`, { directory });
  await sink.start();
  await expect.poll(() => courier.state.sent).toBe(3);
  expect(titles(receiver)).toEqual([1, 2, 3].map((number) => `10.0.0.${number} calls home`));
  await sink[Symbol.asyncDispose]();
});

test("what is too old is given up; a flood is one message, and a repeated cause is told once", async () => {
  await using receiver = await Receiver.start();
  const { sink, tell, courier } = courierTo(`a ${receiver.url}`);
  await sink.start();
  await tell(...Array.from({ length: 50 }, (_, i) => finding(i)), finding(1), finding(1));
  await expect.poll(() => receiver.received.length).toBe(1);
  expect([titles(receiver).length, (JSON.parse(receiver.received[0]?.body ?? "") as { more: number }).more]).toEqual([20, 30]);
  expect(courier.state.grouped).toBe(2);
  // What was held back is told at the end.
  await sink[Symbol.asyncDispose]();
  expect(JSON.parse(receiver.received[1]?.body ?? "")).toMatchObject({ notices: [{ title: "10.0.0.1 calls home", repeated: 2 }] });
  const old = courierTo(`a ${receiver.url}`, { ageMsMax: -1 });
  await old.sink.start();
  await old.tell(finding(1));
  await expect.poll(() => old.courier.state.dropped).toBe(1);
  expect(receiver.received).toHaveLength(2);
  await old.sink[Symbol.asyncDispose]();
});

test("the end of the program waits for no receiver that fails or hangs", async () => {
  await using receiver = await Receiver.start(["hang", "hang", "hang"]);
  const { sink, tell, courier } = courierTo(`a ${receiver.url}`, { answerMs: 60_000 });
  await sink.start();
  await tell(finding(1));
  await expect.poll(() => receiver.received.length).toBe(1);
  const began = performance.now();
  await sink[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(courier.state.queued).toBe(1);
});

test("syslog over UDP: a datagram each", async () => {
  const socket = createSocket("udp4");
  const lines: string[] = [];
  socket.on("message", (bytes) => lines.push(bytes.toString()));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { sink, tell } = courierTo(`s udp://127.0.0.1:${socket.address().port} facility=local4`, {}, "syslog");
  await sink.start();
  await tell(finding(1), alert(2));
  await expect.poll(() => lines.length).toBe(2);
  expect(lines.map((line) => /^<(\d+)>1 /.exec(line)?.[1])).toEqual(["163", "164"]);
  await sink[Symbol.asyncDispose]();
  socket.close();
});

test("syslog over TCP: counted octets, and what a closed receiver did not get is sent to the next", async () => {
  const parts: Buffer[] = [];
  const listen = async (port: number) => {
    const server = createServer((socket) => {
      socket.on("data", (part: Buffer) => parts.push(part));
      socket.on("error", () => undefined);
      open.push(socket);
    });
    const open: import("node:net").Socket[] = [];
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return { server, open };
  };
  const first = await listen(0);
  const { port } = first.server.address() as AddressInfo;
  const { sink, tell, courier } = courierTo(`s tcp://127.0.0.1:${port}`, {}, "syslog");
  await sink.start();
  await tell(finding(1));
  await expect.poll(() => courier.state.sent).toBe(1);
  // What is sent is with the system; the receiver reads it a little later.
  await expect.poll(() => Buffer.concat(parts).toString()).toContain("calls home");
  // A connection is over on this side when the other has answered the end with its own: what is told after that is no race.
  for (const socket of first.open) socket.end();
  await new Promise((resolve) => first.server.close(resolve));
  await tell(finding(2));
  await expect.poll(() => courier.state.failed).toBeGreaterThan(0);
  const second = await listen(port);
  await expect.poll(() => Buffer.concat(parts).toString()).toContain("10.0.0.2 calls home");
  expect(courier.state.sent).toBe(2);
  await sink[Symbol.asyncDispose]();
  for (const socket of second.open) socket.destroy();
  second.server.close();
  const text = Buffer.concat(parts).toString();
  const found = [...text.matchAll(/(\d+) (<\d+>1 )/g)];
  expect(found).toHaveLength(2);
  const [head] = found;
  const bytes = Buffer.from(text);
  const from = (head?.[1] ?? "").length + 1;
  expect(bytes.subarray(from + Number(head?.[1])).toString()).toMatch(/^\d+ </);
});

import { describe, expect, test } from "vitest";
import { FlowTable, type ForeignFlow, type KnownFlow } from "./flow-table.ts";

const known = (more: Partial<KnownFlow> = {}): KnownFlow => ({
  flowId: 7,
  time: 1000,
  client: "10.0.0.1",
  server: "10.0.0.2",
  clientPort: 1234,
  serverPort: 53,
  protocol: 17,
  ...more,
});
const foreign = (more: Partial<ForeignFlow> = {}): ForeignFlow => ({
  communityId: undefined,
  source: "10.0.0.1",
  target: "10.0.0.2",
  sourcePort: 1234,
  targetPort: 53,
  protocol: "UDP",
  time: 1000,
  ...more,
});
const table = (...flows: readonly KnownFlow[]): FlowTable => {
  const made = new FlowTable((flow) => `id of ${flow.client}`, 3);
  for (const flow of flows) made.add(flow);
  return made;
};

describe("FlowTable", () => {
  test.each([
    ["the community ID decides", foreign({ communityId: "id of 10.0.0.1", source: "1.1.1.1" }), "community_id"],
    ["endpoints find it without", foreign(), "five_tuple"],
    [
      "endpoints the other way round are the same",
      foreign({ source: "10.0.0.2", target: "10.0.0.1", sourcePort: 53, targetPort: 1234 }),
      "five_tuple",
    ],
    ["an unknown community ID falls back to endpoints", foreign({ communityId: "1:other" }), "five_tuple"],
    ["a number as protocol", foreign({ protocol: "17" }), "five_tuple"],
    ["a protocol without ports is no other one", foreign({ protocol: "IGMP", sourcePort: undefined, targetPort: undefined }), undefined],
    ["small letters as protocol", foreign({ protocol: "udp" }), "five_tuple"],
    ["another port is another flow", foreign({ targetPort: 54 }), undefined],
    ["another protocol is another flow", foreign({ protocol: "TCP" }), undefined],
    ["an event without endpoints has none", foreign({ source: undefined }), undefined],
  ])("%s", (_case, event, by) => {
    expect(table(known()).find(event)?.by).toBe(by);
  });

  test("either spelling of an IPv6 address is the same", () => {
    const flows = table(known({ client: "2001:0db8:0000:0000:0000:0000:0000:0001", server: "fe80:0000:0000:0000:0000:0000:0000:0002" }));
    expect(flows.find(foreign({ source: "2001:db8::1", target: "fe80::2" }))?.flowId).toBe(7);
  });

  test("of flows between the same endpoints the newest that had begun is meant", () => {
    const flows = table(known(), known({ flowId: 8, time: 60_000_000 }));
    expect(flows.find(foreign({ time: 30_000_000 }))?.flowId).toBe(7);
    expect(flows.find(foreign({ time: 61_000_000 }))?.flowId).toBe(8);
  });

  test("a protocol without ports is found by its name", () => {
    const flows = table(known({ protocol: 2, clientPort: 0, serverPort: 0 }));
    expect(flows.find(foreign({ protocol: "IGMP", sourcePort: undefined, targetPort: undefined }))?.by).toBe("five_tuple");
  });

  test("beyond its size the flow that was quiet for longest goes", () => {
    const flows = table(...[1, 2, 3, 4].map((n) => known({ flowId: n, client: `10.0.1.${n}` })));
    expect(flows.size).toBe(3);
    expect([1, 4].map((n) => flows.find(foreign({ source: `10.0.1.${n}` }))?.flowId)).toEqual([undefined, 4]);
  });
});

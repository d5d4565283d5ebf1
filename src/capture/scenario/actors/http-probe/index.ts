import { defineActor } from "#capture/scenario/actor.ts";
import { pageText } from "#capture/scenario/content/http.ts";
import { exchange } from "#capture/scenario/habits/http-session.ts";

const tries: readonly (readonly [path: string, status: number])[] = [
  ["/index.php?page=../../../../../../etc/passwd", 404],
  ["/login?user=admin'%20OR%201=1--%20&password=x", 403],
  ["/products?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--", 500],
  ["/cgi-bin/status?host=127.0.0.1;cat%20/etc/passwd", 404],
  ["/.git/config", 404],
  ["/search?q=%3Cscript%3Ealert(1)%3C/script%3E", 200],
];

export default defineActor({
  name: "http-probe",
  summary: "A tool tries the usual holes of web applications, among them /etc/passwd and ' OR 1=1.",
  label: "attack",
  *start(world, random) {
    const stranger = world.outside.host("203.0.113.77", 60_000);
    yield world.wait(130);
    const tcp = world.connect(stranger, world.office.web, 80, { loss: 0 });
    yield* tcp.open();
    for (const [path, status] of tries) {
      const request = { method: "GET", path, host: "shop.example.com", userAgent: "sqlmap/1.9.2#stable (https://sqlmap.example.org)" };
      yield* exchange(tcp, random, request, { status, body: pageText(random, String(status), 400) });
      yield* tcp.pause(random.between(200_000, 900_000));
    }
    yield* tcp.close();
  },
});

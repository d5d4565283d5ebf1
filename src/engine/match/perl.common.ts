import { spawnSync } from "node:child_process";

/** One search for Perl to judge. */
export interface PerlCase {
  readonly pattern: string;
  /** Letters of i m s x. */
  readonly flags: string;
  readonly text: string;
}

/** Start and end of each group, the whole match first and -1 where a group took no part; or that there is no match. */
export type PerlAnswer = readonly number[] | "absent" | "refused";

const program = String.raw`
use strict; use warnings; no warnings;
while (my $line = <STDIN>) {
  chomp $line;
  my ($p, $f, $t) = map { pack("H*", $_) } split /,/, $line, -1;
  my $x = length $f ? "(?$f:$p" . ($f =~ /x/ ? "\n)" : ")") : "(?:$p)";
  my $re = eval { qr/$x/ };
  if (!defined $re) { print "refused\n"; next; }
  if ($t =~ $re) { print join(" ", map { defined $-[$_] ? ($-[$_], $+[$_]) : (-1, -1) } 0 .. $#+), "\n"; }
  else { print "absent\n"; }
}`;

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");

/** True when there is a perl to ask. */
export const perlIsHere = (): boolean => spawnSync("perl", ["-e", "exit 0"]).status === 0;

/** What Perl finds, in the order of the cases. */
export function askPerl(cases: readonly PerlCase[]): readonly PerlAnswer[] {
  const input = cases.map(({ pattern, flags, text }) => [pattern, flags, text].map(hex).join(",")).join("\n");
  const { stdout, status, stderr } = spawnSync("perl", ["-e", program], { input: `${input}\n`, encoding: "latin1", maxBuffer: 64_000_000 });
  if (status !== 0) throw new Error(`perl: ${stderr}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => (line === "absent" || line === "refused" ? line : line.split(" ").map(Number)));
}

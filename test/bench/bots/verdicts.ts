/** What the scorer would say aloud: verdicts with positions, answers, sequential test and hysteresis, as a game runs it. */
import { createBotScorers } from "#engine/bots/bot-scorer.ts";
import { benchConfig } from "./feed.ts";
import { type Account, makeAccount, pingOpcode } from "./generator.ts";
import { opcodeCount } from "./person.ts";
import { disguises } from "./script.ts";
import { tableText } from "./table-text.ts";

const actions = 801;
/** Games that tell few kinds of actions apart: with one, nothing is left but the waits. */
const fewKinds = [1, 2, 4];

export interface VerdictRow {
  readonly label: string;
  readonly accounts: number;
  readonly human: number;
  readonly undecided: number;
  readonly bot: number;
  /** Actions until "bot" was said, median of those where it was. */
  readonly actionsUntilBot: number | undefined;
}

export function runVerdicts(seed: number, people: number, scripts: number): VerdictRow[] {
  const plans = [
    { name: "person", label: "person", count: people, kinds: opcodeCount },
    ...fewKinds.map((kinds) => ({ name: `person, ${kinds} kinds`, label: "person", count: people, kinds }) as const),
    ...disguises.map((label) => ({ name: label, label, count: scripts, kinds: opcodeCount })),
  ] as const;
  return plans.map(({ name, label, count, kinds }) => {
    // The seeds of a row are the same whichever rows stand beside it.
    const row = ["person", ...disguises].indexOf(label);
    const says = { human: 0, undecided: 0, bot: 0 };
    const until: number[] = [];
    for (let i = 0; i < count; i++) {
      const played = play(makeAccount(seed * 1_000_000 + 500_000 + row * 10_000 + i, label, actions, true, kinds));
      says[played.says] += 1;
      if (played.botAfter !== undefined) until.push(played.botAfter);
    }
    return { label: name, accounts: count, ...says, actionsUntilBot: until.toSorted((a, b) => a - b)[until.length >> 1] };
  });
}

function play(account: Account): { says: "human" | "undecided" | "bot"; botAfter: number | undefined } {
  const scorer = createBotScorers(benchConfig)();
  let botAfter: number | undefined;
  let decided = 0;
  for (const packet of account.packets) {
    if (packet.toServer) scorer.action(packet.time, packet.opcode, packet.size, 0, packet.position);
    else scorer.serverEvent(packet.time, packet.opcode);
    if (packet.toServer && packet.position === undefined && packet.opcode !== pingOpcode) decided += 1;
    if (botAfter === undefined && packet.position === undefined && decided % 50 === 0 && scorer.verdict().says === "bot")
      botAfter = decided;
  }
  return { says: scorer.verdict().says, botAfter };
}

export function verdictText(rows: readonly VerdictRow[]): string {
  return tableText([
    ["verdict after 800", "accounts", "human", "undecided", "bot", "bot after"],
    ...rows.map((row) => [row.label, `${row.accounts}`, `${row.human}`, `${row.undecided}`, `${row.bot}`, `${row.actionsUntilBot ?? "-"}`]),
  ]);
}

import { type BotConfig, defaultBotConfig } from "#engine/bots/bot-config.ts";
import type { Judgement, RhythmBench } from "#engine/bots/judge.ts";
import { RhythmScorer } from "#engine/bots/rhythm-scorer.ts";
import { type Account, pingOpcode } from "./generator.ts";

export const benchConfig: BotConfig = { ...defaultBotConfig, ignoredOpcodes: [pingOpcode] };
export const sampleSizes = [50, 100, 200, 400] as const;

/** How an account measures at each sample size that it reaches. */
export interface Sample {
  readonly size: number;
  readonly judgement: Judgement;
  /** The trivial scorer: deviation divided by mean of the waits between actions. */
  readonly variation: number;
}

/** Plays an account to the rhythm scorer; `bare` withholds positions and the server's events. */
export function samplesOf(account: Account, bench: RhythmBench, bare: boolean, config = benchConfig): Sample[] {
  const scorer = new RhythmScorer(config, bench);
  const samples: Sample[] = [];
  let [actions, last, sum, squares] = [-1, 0, 0, 0];
  for (const packet of account.packets) {
    const decided = packet.toServer && packet.position === undefined && packet.opcode !== pingOpcode;
    if (bare && !decided) continue;
    if (!packet.toServer) scorer.serverEvent(packet.time, packet.opcode);
    else scorer.action(packet.time, packet.opcode, packet.size, 0, packet.position);
    if (!decided) continue;
    if (++actions > 0) {
      const gap = (packet.time - last) / 1e6;
      sum += gap;
      squares += gap * gap;
    }
    last = packet.time;
    if (actions > 0 && sampleSizes.includes(actions as 50)) {
      const mean = sum / actions;
      const variation = Math.sqrt(Math.max(0, squares / actions - mean * mean)) / mean;
      samples.push({ size: actions, judgement: scorer.measureNow(), variation });
    }
  }
  return samples;
}

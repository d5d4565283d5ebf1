import type { LiteralPlatform } from "#base/literal.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import type { Config } from "#schema/config.ts";

/**
 * The machine's library for the search of literals (libhyperscan), where it is installed, there are rules to search for,
 * and the configuration does not say no. Each thread opens its own. Without it the engine searches by itself and finds the same.
 */
export async function ruleLiterals(config: Config, rules: RuleMaterial | undefined): Promise<LiteralPlatform | undefined> {
  if (rules === undefined || config["rules.hyperscan"] === "no") return undefined;
  const { openHyperscan } = await import("#native/hyperscan.ts");
  const hyperscan = await openHyperscan();
  return hyperscan.found ? hyperscan.literals : undefined;
}

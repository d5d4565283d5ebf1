import type { RuleTap } from "#contract/inspector.ts";
import { Side } from "#contract/parser.ts";
import { giveText } from "#contract/rule-values.ts";
import type { StubBytes } from "./stub-bytes.ts";

/** What rules see of a call. */
export interface CallFacts {
  readonly txId: number;
  /** False when the capture lacks the request, and for binds. */
  readonly isRequest: boolean;
  readonly opnum: number;
  /** Interface that is called, when it is known. */
  readonly bound: { readonly uuid: string; readonly version: string } | undefined;
  readonly isLittle: boolean;
  readonly stubs: StubBytes | undefined;
}

/** Gives a call's values to rules: what is called on both sides, so that rules about answers can ask for it too. */
export function giveCall(rules: RuleTap | undefined, facts: CallFacts, sides: readonly Side[] = [Side.toServer, Side.toClient]): void {
  if (rules === undefined) return;
  const { txId, isRequest, opnum, bound, isLittle, stubs } = facts;
  for (const side of sides) {
    if (isRequest) {
      rules.number("dcerpc.opnum", side, txId, opnum);
      if (bound !== undefined) giveText(rules, "dcerpc.iface", side, txId, `${bound.uuid} ${bound.version}`);
    }
    if (stubs?.give(rules, side, txId) === true && isLittle) rules.number("dcerpc.little_endian", side, txId, 1);
  }
}

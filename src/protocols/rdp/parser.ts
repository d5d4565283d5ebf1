import type { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { readClientData } from "./client-data.ts";
import { FRAME_BYTES, frameBytes, readConfirm, readRequest, Tpdu, tpduType, VERSION } from "./connection.ts";

/** Frame and the shortest header inside. */
const LEAST_BYTES = 7;
/** Application tags of MCS: Connect-Initial and Connect-Response (T.125 §7). */
const MCS = 0x7f;
const CONNECT_INITIAL = 0x65;
const CONNECT_RESPONSE = 0x66;

/** Remote desktop: the connection's beginning in the clear; TLS is handed over, what else follows is encrypted. */
export class RdpParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, input: ByteView): number {
    const { bytes, view, end } = input;
    let at = input.at;
    while (end - at >= FRAME_BYTES) {
      const length = frameBytes(view, at);
      if (view.getUint8(at) !== VERSION || length < LEAST_BYTES) return at === input.at ? FAILED : at - input.at;
      if (end - at < length) break;
      const stop = at + length;
      const type = tpduType(view, at);
      if (type === Tpdu.request && side === Side.toServer) this.#tell(side, readRequest(bytes, view, at, stop));
      else if (type === Tpdu.confirm && side === Side.toClient) {
        const { fields, secure } = readConfirm(view, at, stop);
        this.#tell(side, fields);
        if (secure) {
          this.#context.handOver("tls");
          return stop - input.at;
        }
        if (fields["error_code"] !== undefined) return FINISHED;
      } else if (type === Tpdu.data && stop - at >= LEAST_BYTES + 2) {
        const tag = view.getUint8(at + LEAST_BYTES) === MCS ? view.getUint8(at + LEAST_BYTES + 1) : 0;
        if (tag === CONNECT_INITIAL) {
          const fields: Transaction = { event_type: "connect_request" };
          readClientData(fields, bytes, view, at, stop);
          this.#tell(side, fields);
        } else if (tag === CONNECT_RESPONSE) {
          this.#tell(side, { event_type: "connect_response" });
          return FINISHED;
        }
      }
      at = stop;
    }
    return at - input.at;
  }

  /** What is told stands at the beginning; behind missing bytes nothing is expected. */
  gap(): boolean {
    return false;
  }

  end(): void {}

  #tell(side: Side, fields: Transaction): void {
    const txId = this.#transactions++;
    this.#context.emit("rdp", side, txId, { tx_id: txId + 1, ...fields });
  }
}

/**
 * What may be wrong with a TCP segment where its connection stands. The names in events are Suricata's, but for
 * `rst_out_of_window`, which it has none for.
 */
const names = [
  "",
  "pkt_broken_ack",
  "pkt_invalid_ack",
  "pkt_invalid_timestamp",
  "rst_but_no_session",
  "fin_but_no_session",
  "fin_syn",
  "3whs_synack_in_wrong_direction",
  "3whs_synack_with_wrong_ack",
  "3whs_synack_resend_with_different_ack",
  "3whs_synack_resend_with_diff_seq",
  "3whs_synack_toserver_on_syn_recv",
  "3whs_syn_resend_diff_seq_on_syn_recv",
  "3whs_syn_toclient_on_syn_recv",
  "3whs_synack_tfo_data_ignored",
  "3whs_ack_in_wrong_dir",
  "3whs_wrong_seq_wrong_ack",
  "3whs_right_seq_wrong_ack_evasion",
  "est_syn_resend",
  "est_syn_resend_diff_seq",
  "est_syn_toclient",
  "est_synack_toserver",
  "est_synack_resend_with_different_ack",
  "est_synack_resend_with_diff_seq",
  "est_packet_out_of_window",
  "est_invalid_ack",
  "fin1_invalid_ack",
  "fin2_invalid_ack",
  "closing_invalid_ack",
  "closewait_invalid_ack",
  "lastack_invalid_ack",
  "timewait_invalid_ack",
  "fin_out_of_window",
  "fin_invalid_ack",
  "fin1_fin_wrong_seq",
  "fin2_fin_wrong_seq",
  "closewait_fin_out_of_window",
  "fin1_ack_wrong_seq",
  "fin2_ack_wrong_seq",
  "closing_ack_wrong_seq",
  "closewait_ack_out_of_window",
  "lastack_ack_wrong_seq",
  "timewait_ack_wrong_seq",
  "rst_invalid_ack",
  "rst_out_of_window",
  "suspected_rst_inject",
  "reassembly_seq_gap",
  "reassembly_overlap_different_data",
  "reassembly_urgent_oob_limit_reached",
  "reassembly_depth_reached",
] as const;
type Name = Exclude<(typeof names)[number], "">;

/** Numbers of the events by name; 0 is none. */
export const StreamEvent = Object.fromEntries(names.map((name, index) => [name, index])) as Readonly<Record<Name, number>>;

/** Name for `anomaly.event`. */
export const streamEventName = (event: number): string => `stream.${names[event]}`;

/** Events of one flow that are told. */
const eventsPerFlowMax = 8;

/** How many stream events each flow of a table has told. */
export class StreamEvents {
  readonly #told: Uint8Array;

  constructor(flows: number) {
    this.#told = new Uint8Array(flows);
  }

  /** A new flow has the slot. */
  begin(slot: number): void {
    this.#told[slot] = 0;
  }

  /** True when one more may be told. */
  allows(slot: number): boolean {
    const told = this.#told[slot] as number;
    if (told >= eventsPerFlowMax) return false;
    this.#told[slot] = told + 1;
    return true;
  }
}

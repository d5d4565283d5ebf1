/** An event as it stands in eve.json, in the API and in the store. */
export interface OddwireEvent {
  timestamp: string;
  event_type: string;
  flow_id?: number;
  pcap_cnt?: number;
  src_ip?: string;
  src_port?: number;
  dest_ip?: string;
  dest_port?: number;
  proto?: string;
  [member: string]: unknown;
}

/**
 * Events that Suricata's own rule files name and that nothing in Oddwire raises: a rule about one would never match, so
 * that it is refused. Names without their layer or protocol, a blank between two.
 */
const packets: Readonly<Record<string, string>> = {
  decode:
    "afpacket.trunc_pkt erspan.too_many_vlan_layers gre.version1_malformed_sre_hdr icmpv6.unknown_type ipv4.opt_eol_required ipv4.opt_invalid ipv6.exthdr_dupl_eh ipv6.ipv4_in_ipv6_too_small ipv6.ipv4_in_ipv6_wrong_version ipv6.ipv6_in_ipv6_too_small ipv6.ipv6_in_ipv6_wrong_version ipv6.unknown_next_header ipv6.zero_len_padn mpls.pkt_too_small mpls.unknown_payload_type ppp.ip4_pkt_too_small ppp.ip6_pkt_too_small ppp.unsup_proto ppp.vju_pkt_too_small tcp.invalid_optlen vlan.unknown_type vntag.unknown_type",
  stream:
    "3whs_ack_data_inject 3whs_async_wrong_seq 3whs_syn_flood 3whs_synack_flood 4whs_invalid_ack 4whs_synack_with_wrong_ack 4whs_synack_with_wrong_syn 4whs_wrong_seq closewait_pkt_before_last_ack est_pkt_before_last_ack est_synack_resend pkt_bad_window_update pkt_retransmission pkt_spurious_retransmission reassembly_segment_before_base_seq shutdown_syn_resend wrong_thread",
};

const protocols: Readonly<Record<string, string>> = {
  applayer: "applayer_detect_protocol_only_one_direction applayer_proto_detection_skipped applayer_unexpected_protocol",
  dhcp: "malformed_options",
  dnp3: "flooded",
  dns: "not_request not_response too_many_labels",
  http: "double_encoded_uri file_name_too_long invalid_authority_port invalid_request_field_folding invalid_response_field_folding invalid_server_port_in_request lzma_memlimit_reached multipart_generic_error multipart_invalid_header multipart_no_filedata request_body_unexpected request_header_repetition request_line_incomplete request_line_invalid request_line_missing_protocol response_abnormal_transfer_encoding response_header_repetition response_multipart_byteranges too_many_warnings unknown_error",
  http2: "extra_header_data invalid_frame_header invalid_http1_settings invalid_range stream_id_reuse",
  ike: "invalid_proposal unknown_proposal",
  modbus: "flooded",
  mqtt: "missing_msg_id",
  quic: "crypto_frag_too_long failed_decrypt",
  rfb: "confused_state malformed_message unknown_security_result",
  smb: "file_overlap malformed_ntlmssp_request negotiate_malformed_dialects negotiate_max_read_size_too_large negotiate_max_write_size_too_large read_queue_cnt_exceeded read_queue_size_exceeded read_request_too_large read_response_too_large request_to_client response_to_server write_queue_cnt_exceeded write_queue_size_exceeded write_request_too_large",
  smtp: "bdat_chunk_len_exceeded failed_protocol_change max_command_line_len_exceeded max_reply_line_len_exceeded mime_long_header_name mime_long_header_value mime_malformed_msg mime_parse_failed no_server_welcome_message unable_to_match_reply_with_request unparsable_content",
  tls: "certificate_invalid_length certificate_invalid_validity certificate_invalid_version dataleak_heartbeat_mismatch error_message_encountered heartbeat_message invalid_handshake_message invalid_ssl_record invalid_tls_header too_many_records_in_packet",
};

const isIn = (names: string | undefined, event: string): boolean => names?.split(" ").includes(event) === true;

/** True for an event of the decoder or of the stream reassembly that never comes. */
export const isNeverRaised = (layer: "decode" | "stream", event: string): boolean =>
  isIn(packets[layer], event.replace(/^(?:decoder|stream)\./, ""));

/** The same for one of an application's parser (`tls.too_many_records_in_packet`) or of its detection (`applayer_…`). */
export function isNeverParsed(event: string): boolean {
  const dot = event.indexOf(".");
  return dot < 0 ? isIn(protocols["applayer"], event) : isIn(protocols[event.slice(0, dot)], event.slice(dot + 1));
}

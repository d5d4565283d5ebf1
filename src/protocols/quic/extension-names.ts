/** IANA name of a TLS extension; `undefined` for one without. */
export const extensionName = (type: number): string | undefined => (type === 65_281 ? "renegotiation_info" : NAMES[type] || undefined);

/** Text of an offered version of TLS, as Suricata's EVE writes it in lists of extensions. */
export function offeredVersionText(version: number): string {
  if (version === 0x0300) return "Ssl30";
  if (version >= 0x0301 && version <= 0x0304) return `Tls1${version - 0x0301}`;
  if (version >= 0x7f12 && version <= 0x7f17) return `Tls13Draft${version & 0xff}`;
  return `TlsVersion(${version} / 0x${version.toString(16).padStart(4, "0")})`;
}

// By number from 0 on; two spaces in a row leave one out.
const NAMES = (
  "server_name max_fragment_length client_certificate_url trusted_ca_keys truncated_hmac status_request user_mapping client_authz " +
  "server_authz cert_type supported_groups ec_point_formats srp signature_algorithms use_srtp heartbeat alpn status_request_v2 " +
  "signed_certificate_timestamp client_certificate_type server_certificate_type padding encrypt_then_mac extended_master_secret " +
  "token_binding cached_info tls_lts compress_certificate record_size_limit pwd_protect pwd_clear password_salt ticket_pinning " +
  "tls_cert_with_extern_psk delegated_credentials session_ticket tlmsp tlmsp_proxying tlmsp_delegate supported_ekt_ciphers  " +
  "pre_shared_key early_data supported_versions cookie psk_key_exchange_modes  certificate_authorities oid_filters " +
  "post_handshake_auth signature_algorithms_cert key_share transparency_info connection_id_deprecated connection_id " +
  "external_id_hash external_session_id quic_transport_parameters ticket_request dnssec_chain"
).split(" ");

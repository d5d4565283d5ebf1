/** Text of a version as Suricata's EVE writes it. */
export function versionName(version: number): string {
  const name = VERSIONS[version];
  if (name !== undefined) return name;
  const low = version & 0xff;
  if (version >>> 8 === 0x7f) return low < 0x10 ? "TLS 1.3 draft-<16" : `TLS 1.3 draft-${low}`;
  if (version >>> 8 === 0xfb) return `TLS 1.3 draft-${low}-fb`;
  return hex4(version);
}

/** True for TLS 1.3 and its drafts, and DTLS 1.3. */
export const isTls13 = (version: number): boolean =>
  version === 0x0304 || version === 0xfefc || version >>> 8 === 0x7f || version >>> 8 === 0xfb;

export const UNDETERMINED = "UNDETERMINED";

/** The IANA name of a cipher suite, or its number as `0x1301`. */
export const cipherName = (cipher: number): string => CIPHERS[cipher] ?? hex4(cipher);

/** The IANA name of a key exchange group, or its number. */
export const groupName = (group: number): string => GROUPS[group] ?? hex4(group);

/** The name of an alert (RFC 8446 §6, RFC 5246 §7.2), or its number. */
export const alertName = (description: number): string => ALERTS[description] ?? String(description);

const hex4 = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;

type Names = { readonly [value: number]: string };

const VERSIONS: Names = {
  2: "SSLv2",
  512: "SSLv2",
  768: "SSLv3",
  769: "TLSv1",
  770: "TLS 1.1",
  771: "TLS 1.2",
  772: "TLS 1.3",
  // What OpenSSL spoke before the standard.
  256: "DTLS 0.9",
  65279: "DTLS 1.0",
  65277: "DTLS 1.2",
  65276: "DTLS 1.3",
};

const GROUPS: Names = {
  23: "secp256r1",
  24: "secp384r1",
  25: "secp521r1",
  29: "x25519",
  30: "x448",
  256: "ffdhe2048",
  257: "ffdhe3072",
  258: "ffdhe4096",
  512: "MLKEM512",
  513: "MLKEM768",
  514: "MLKEM1024",
  4587: "SecP256r1MLKEM768",
  4588: "X25519MLKEM768",
  4589: "SecP384r1MLKEM1024",
  25497: "X25519Kyber768Draft00",
};

const ALERTS: Names = {
  0: "close_notify",
  10: "unexpected_message",
  20: "bad_record_mac",
  21: "decryption_failed",
  22: "record_overflow",
  30: "decompression_failure",
  40: "handshake_failure",
  41: "no_certificate",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  50: "decode_error",
  51: "decrypt_error",
  60: "export_restriction",
  70: "protocol_version",
  71: "insufficient_security",
  80: "internal_error",
  86: "inappropriate_fallback",
  90: "user_canceled",
  100: "no_renegotiation",
  109: "missing_extension",
  110: "unsupported_extension",
  111: "certificate_unobtainable",
  112: "unrecognized_name",
  113: "bad_certificate_status_response",
  114: "bad_certificate_hash_value",
  115: "unknown_psk_identity",
  116: "certificate_required",
  120: "no_application_protocol",
  121: "ech_required",
};

const CIPHERS: Names = {
  1: "TLS_RSA_WITH_NULL_MD5",
  2: "TLS_RSA_WITH_NULL_SHA",
  3: "TLS_RSA_EXPORT_WITH_RC4_40_MD5",
  4: "TLS_RSA_WITH_RC4_128_MD5",
  5: "TLS_RSA_WITH_RC4_128_SHA",
  6: "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5",
  7: "TLS_RSA_WITH_IDEA_CBC_SHA",
  8: "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA",
  9: "TLS_RSA_WITH_DES_CBC_SHA",
  10: "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
  19: "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA",
  21: "TLS_DHE_RSA_WITH_DES_CBC_SHA",
  22: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA",
  24: "TLS_DH_anon_WITH_RC4_128_MD5",
  27: "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA",
  47: "TLS_RSA_WITH_AES_128_CBC_SHA",
  50: "TLS_DHE_DSS_WITH_AES_128_CBC_SHA",
  51: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
  52: "TLS_DH_anon_WITH_AES_128_CBC_SHA",
  53: "TLS_RSA_WITH_AES_256_CBC_SHA",
  56: "TLS_DHE_DSS_WITH_AES_256_CBC_SHA",
  57: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
  58: "TLS_DH_anon_WITH_AES_256_CBC_SHA",
  60: "TLS_RSA_WITH_AES_128_CBC_SHA256",
  61: "TLS_RSA_WITH_AES_256_CBC_SHA256",
  65: "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA",
  69: "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA",
  103: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
  107: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
  109: "TLS_DH_anon_WITH_AES_256_CBC_SHA256",
  132: "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA",
  136: "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA",
  140: "TLS_PSK_WITH_AES_128_CBC_SHA",
  141: "TLS_PSK_WITH_AES_256_CBC_SHA",
  150: "TLS_RSA_WITH_SEED_CBC_SHA",
  156: "TLS_RSA_WITH_AES_128_GCM_SHA256",
  157: "TLS_RSA_WITH_AES_256_GCM_SHA384",
  158: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
  159: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
  166: "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
  168: "TLS_PSK_WITH_AES_128_GCM_SHA256",
  169: "TLS_PSK_WITH_AES_256_GCM_SHA384",
  174: "TLS_PSK_WITH_AES_128_CBC_SHA256",
  175: "TLS_PSK_WITH_AES_256_CBC_SHA384",
  4865: "TLS_AES_128_GCM_SHA256",
  4866: "TLS_AES_256_GCM_SHA384",
  4867: "TLS_CHACHA20_POLY1305_SHA256",
  4868: "TLS_AES_128_CCM_SHA256",
  4869: "TLS_AES_128_CCM_8_SHA256",
  49159: "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
  49160: "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
  49161: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
  49162: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
  49169: "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
  49170: "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
  49171: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
  49172: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
  49176: "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
  49177: "TLS_ECDH_anon_WITH_AES_256_CBC_SHA",
  49187: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
  49188: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
  49191: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
  49192: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
  49195: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  49196: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  49199: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  49200: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  49308: "TLS_RSA_WITH_AES_128_CCM",
  49309: "TLS_RSA_WITH_AES_256_CCM",
  49310: "TLS_DHE_RSA_WITH_AES_128_CCM",
  49311: "TLS_DHE_RSA_WITH_AES_256_CCM",
  49324: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
  49325: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
  49326: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
  49327: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
  52392: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  52393: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  52394: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  52395: "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256",
};

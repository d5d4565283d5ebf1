/**
 * Which of Oddwire's names mean what nDPI means. A name that is not here is the same in lower case with hyphens:
 * `Source_Engine` would be `source-engine`. The first name is the one that a message shows.
 */
const names: Readonly<Record<string, readonly string[]>> = {
  HTTP_Proxy: ["http"],
  HTTP_Connect: ["http"],
  Service_Location_Protocol: ["slp"],
  NetFlow: ["netflow", "ipfix"],
  RipeAtlas: ["ripe-atlas"],
  GenshinImpact: ["genshin-impact"],
  TencentGames: ["tencent-games"],
  GaijinEntertainment: ["gaijin-entertainment", "enet"],
  TeamSpeak: ["teamspeak", "teamspeak-voice", "teamspeak-query"],
  TLS: ["tls"],
  DTLS: ["dtls", "tls"],
  FTP_CONTROL: ["ftp"],
  FTP_DATA: ["ftp-data"],
  FTPS: ["tls", "ftp"],
  SMTPS: ["tls", "smtp"],
  IMAPS: ["tls", "imap"],
  POPS: ["tls", "pop3"],
  POP3: ["pop3"],
  "MsSQL-TDS": ["tds"],
  MySQL: ["mysql"],
  PostgreSQL: ["pgsql"],
  SMBv1: ["smb"],
  SMBv23: ["smb"],
  NetBIOS: ["nbns", "nbss", "nbdgm", "smb"],
  RPC: ["dcerpc", "rpc"],
  Kerberos: ["krb5"],
  IPSec: ["ike", "esp"],
  Source_Engine: ["source"],
  RDP: ["rdp", "tls"],
  NFS: ["nfs", "rpc"],
  VNC: ["rfb"],
  Memcached: ["memcached"],
  IEC60870: ["iec104"],
  EthernetIP: ["enip"],
  S7Comm: ["s7comm"],
  BitTorrent: ["bittorrent", "bittorrent-dht", "bittorrent-lsd", "utp"],
  Usenet: ["nntp"],
  MDNS: ["mdns"],
  LLMNR: ["llmnr"],
  "NAT-PMP": ["nat-pmp", "pcp"],
  DNScrypt: ["dnscrypt"],
  AVASTSecureDNS: ["dns"],
  CiscoSkinny: ["skinny"],
  WorldOfWarcraft: ["world-of-warcraft"],
  TES_Online: ["tes-online"],
  "OPC-UA": ["opcua"],
  "HART-IP": ["hart-ip"],
  "ISO9506-1-MMS": ["mms"],
  GTP: ["gtp", "gtp-c", "gtp-u", "gtp-prime"],
};

/** Our names for nDPI's `Master.Application`. */
export function ourNames(proto: string): readonly string[] {
  const master = proto.split(".")[0] as string;
  return names[master] ?? [master.toLowerCase().replaceAll("_", "-")];
}

/**
 * What calls on a clock by design and says nothing: name service, time, discovery, monitoring, games and voice; and names
 * of services that machines ask on a clock without anybody at them. Programs of attackers behind such names are not seen.
 */
export const ordinaryServices: ReadonlySet<string> = new Set(
  (
    "dns doh dot mdns llmnr nbns ntp dhcp dhcpv6 ssdp snmp syslog stun turn rtp rtcp sip radius tftp netflow ipfix ldap kerberos smb " +
    "bittorrent bittorrent-dht mqtt amqp xmpp imap pop3 ssh rdp rfb modbus dnp3 iec104 s7comm enip bacnet opcua openvpn ike wireguard"
  ).split(" "),
);

/** Ports of the same kind, where no parser has told the service: also push services and messengers. */
export const ordinaryPorts: ReadonlySet<number> = new Set([
  22, 53, 67, 123, 137, 138, 161, 179, 389, 445, 514, 853, 1194, 1883, 1900, 1935, 3389, 3478, 4244, 5060, 5061, 5222, 5223, 5228, 5229,
  5230, 5242, 5353, 5355, 5938, 6568, 8883, 19_302, 27_015, 27_017, 27_018, 27_019,
]);

/**
 * The same for datagrams: VPNs, calls, discovery, keep-alives of relays, and the lists at which games and voice servers
 * report every few minutes (TeamSpeak 2010, Steam 27010 to 27012, GameSpy 27900, id Software 27950).
 */
export const ordinaryDatagramPorts: ReadonlySet<number> = new Set([
  68, 88, 500, 546, 547, 623, 1701, 2010, 3544, 3702, 4500, 5350, 5351, 6771, 6881, 9987, 10_001, 19_305, 21_027, 27_010, 27_011, 27_012,
  27_900, 27_950, 41_641, 51_413, 51_820,
]);

/** Ends of names: updates, connectivity checks, certificates' state, push, clouds' agents, chat and language models. */
const ordinaryEnds: readonly string[] = (
  "gstatic.com google.com googleapis.com gvt1.com gvt2.com android.com youtube.com msftconnecttest.com msftncsi.com microsoft.com " +
  "windowsupdate.com windows.com live.com office.com office365.com skype.com teams.com microsoftonline.com azure.com azureedge.net " +
  "msedge.net bing.com apple.com icloud.com mzstatic.com aaplimg.com mozilla.com mozilla.org mozilla.net firefox.com gnome.org ubuntu.com " +
  "canonical.com debian.org fedoraproject.org archlinux.org opensuse.org redhat.com github.com githubusercontent.com npmjs.org pypi.org " +
  "digicert.com lencr.org letsencrypt.org sectigo.com globalsign.com identrust.com pki.goog amazontrust.com verisign.com entrust.net " +
  "push.apple.com mtalk.google.com whatsapp.net whatsapp.com telegram.org signal.org discord.gg discord.com " +
  "slack.com slack-msgs.com zoom.us webex.com facebook.com fbcdn.net instagram.com twitter.com x.com spotify.com netflix.com steampowered.com " +
  "steamserver.net epicgames.com dropbox.com openai.com chatgpt.com oaistatic.com anthropic.com claude.ai perplexity.ai mistral.ai " +
  "deepseek.com groq.com huggingface.co datadoghq.com newrelic.com sentry.io grafana.net avast.com avg.com kaspersky.com eset.com " +
  "mcafee.com norton.com symantec.com sophos.com crowdstrike.com sentinelone.net adobe.com adobe.io akamaihd.net ntp.org pool.ntp.org"
).split(" ");
const ordinaryNames: ReadonlySet<string> = new Set(ordinaryEnds);

/** True for a name that ends in one of the ordinary ones, or that stays in the local network. */
export function isOrdinaryName(name: string): boolean {
  const labels = name.toLowerCase().split(".");
  const last = labels.at(-1);
  if (last === "local" || last === "lan" || last === "home" || last === "internal" || labels.length === 1) return true;
  for (let i = Math.max(0, labels.length - 4); i < labels.length - 1; i++) if (ordinaryNames.has(labels.slice(i).join("."))) return true;
  return false;
}

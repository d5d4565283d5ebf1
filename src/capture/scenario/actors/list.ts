import type { Actor } from "#capture/scenario/actor.ts";
import arpSpoof from "./arp-spoof/index.ts";
import backup from "./backup/index.ts";
import beacon from "./beacon/index.ts";
import camera from "./camera/index.ts";
import clockwork from "./clockwork/index.ts";
import dhcp from "./dhcp/index.ts";
import dnsClient from "./dns-client/index.ts";
import dnsTunnel from "./dns-tunnel/index.ts";
import download from "./download/index.ts";
import exfiltration from "./exfiltration/index.ts";
import gameBots from "./game-bots/index.ts";
import gamePeople from "./game-people/index.ts";
import generatedNames from "./generated-names/index.ts";
import httpProbe from "./http-probe/index.ts";
import intranet from "./intranet/index.ts";
import mail from "./mail/index.ts";
import malformed from "./malformed/index.ts";
import neighbours from "./neighbours/index.ts";
import ntp from "./ntp/index.ts";
import ping from "./ping/index.ts";
import portScan from "./port-scan/index.ts";
import quicBrowser from "./quic-browser/index.ts";
import sshBruteForce from "./ssh-brute-force/index.ts";
import sshSession from "./ssh-session/index.ts";
import synFlood from "./syn-flood/index.ts";
import tlsClient from "./tls-client/index.ts";
import video from "./video/index.ts";
import webBrowser from "./web-browser/index.ts";
import webServer from "./web-server/index.ts";

/** Everybody who takes part. */
export const actors: readonly Actor[] = [
  arpSpoof,
  backup,
  beacon,
  camera,
  clockwork,
  dhcp,
  dnsClient,
  dnsTunnel,
  download,
  exfiltration,
  gameBots,
  gamePeople,
  generatedNames,
  httpProbe,
  intranet,
  mail,
  malformed,
  neighbours,
  ntp,
  ping,
  portScan,
  quicBrowser,
  sshBruteForce,
  sshSession,
  synFlood,
  tlsClient,
  video,
  webBrowser,
  webServer,
];

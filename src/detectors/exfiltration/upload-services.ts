/** A service that takes files or messages from anybody without a contract with the sender's house (MITRE T1567.001 to .004). */
export interface UploadService {
  readonly name: string;
  readonly kind: string;
}

const kinds: Readonly<Record<string, string>> = {
  "a service for passing files on":
    "mega.nz mega.co.nz transfer.sh file.io gofile.io anonfiles.com bayfiles.com wetransfer.com sendspace.com catbox.moe 0x0.st temp.sh " +
    "uguu.se pixeldrain.com mediafire.com filebin.net bashupload.com oshi.at ufile.io filemail.com",
  "a place for pasted text": "pastebin.com paste.ee ghostbin.com hastebin.com rentry.co dpaste.com controlc.com privatebin.net",
  "an interface for bots": "api.telegram.org",
  "a tunnel to somebody's machine": "ngrok.io ngrok.app ngrok-free.app trycloudflare.com serveo.net localhost.run loca.lt pagekite.me",
  "a catcher of requests": "webhook.site requestbin.com pipedream.net interact.sh oast.pro oast.live oast.fun burpcollaborator.net",
};

/** Services that people and machines send their own copies to: large uploads there are told as observations (providers' own lists). */
const copies: ReadonlySet<string> = new Set(
  (
    "dropbox.com dropboxusercontent.com icloud.com icloud-content.com onedrive.com sharepoint.com live.com 1drv.com googleapis.com google.com " +
    "googleusercontent.com googlevideo.com youtube.com box.com backblaze.com backblazeb2.com carbonite.com crashplan.com idrive.com " +
    "acronis.com amazonaws.com windows.net azure.com wasabisys.com digitaloceanspaces.com github.com gitlab.com adobe.com adobe.io"
  ).split(" "),
);

/** True for a host of a service for copies, by the end of its name. */
export function isForCopies(host: string): boolean {
  const labels = host.toLowerCase().split(".");
  for (let i = Math.max(0, labels.length - 3); i < labels.length - 1; i++) if (copies.has(labels.slice(i).join("."))) return true;
  return false;
}

const services: ReadonlyMap<string, UploadService> = new Map(
  Object.entries(kinds).flatMap(([kind, names]) => names.split(" ").map((name) => [name, { name, kind }] as const)),
);

/** The service that a host belongs to, by the end of its name. */
export function serviceOf(host: string): UploadService | undefined {
  const labels = host.toLowerCase().split(".");
  for (let i = Math.max(0, labels.length - 3); i < labels.length - 1; i++) {
    const service = services.get(labels.slice(i).join("."));
    if (service !== undefined) return service;
  }
  return undefined;
}

/** Cells of one line of CSV (RFC 4180, without line ends inside cells). */
export function csvCells(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (line[i + 1] === '"') {
        cell += '"';
        i++;
      } else isQuoted = false;
    } else if (character === '"') {
      isQuoted = true;
      cell = cell.trimStart();
    } else if (character === ",") {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  cells.push(cell);
  return cells;
}

/** The columns of a list by what they are called in it. */
export interface Header {
  readonly value: number;
  readonly type: number;
  readonly source: number;
  readonly expires: number;
  readonly note: number;
  readonly severity: number;
  readonly port: number;
  /** `allow` in it turns the row round. */
  readonly action: number;
  /** MISP's flag: rows with 0 are no indicators. */
  readonly counts: number;
  /** Type that the name of the value's column tells: `sha256_hash`. */
  readonly named: string | undefined;
}

const spellings: Readonly<Record<Exclude<keyof Header, "named">, readonly string[]>> = {
  value:
    "value indicator ioc_value ioc ip ip_address dst_ip dstip domain host hostname url sha256_hash sha256 sha1_hash sha1 sha1_certificate md5_hash md5 ja3_md5 ja3 ja3s ja4 hassh".split(
      " ",
    ),
  type: ["type", "ioc_type", "indicator_type"],
  source: ["source", "reporter", "feed", "provider"],
  expires: ["expires", "expiry", "expiration", "valid_until", "expires_at"],
  note: ["note", "comment", "description", "malware_printable", "malware", "listingreason", "signature", "threat", "tags"],
  severity: ["severity"],
  port: ["port", "dst_port", "dstport"],
  action: ["action"],
  counts: ["to_ids"],
};
const typeByColumn: Readonly<Record<string, string>> = {
  ip: "address",
  ip_address: "address",
  dst_ip: "address",
  dstip: "address",
  domain: "domain",
  host: "domain",
  hostname: "domain",
  url: "url",
  sha256_hash: "sha256",
  sha256: "sha256",
  sha1_hash: "sha1",
  sha1: "sha1",
  sha1_certificate: "certificate",
  md5_hash: "md5",
  md5: "md5",
  ja3_md5: "ja3",
  ja3: "ja3",
  ja3s: "ja3s",
  ja4: "ja4",
  hassh: "hassh",
};

/**
 * A header, when the line is one: several cells that are names, one of which stands for the value. Lists of abuse.ch
 * put it into the last comment before the rows.
 */
export function readHeader(line: string): Header | undefined {
  const names = csvCells(line.replace(/^[#\s]+/, "")).map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_"),
  );
  if (names.length < 2 || !names.every((name) => /^[a-z][a-z0-9_]*$/.test(name))) return undefined;
  const columnOf = (field: Exclude<keyof Header, "named">): number => {
    for (const name of spellings[field]) if (names.includes(name)) return names.indexOf(name);
    return -1;
  };
  const value = columnOf("value");
  if (value < 0) return undefined;
  return {
    value,
    type: columnOf("type"),
    source: columnOf("source"),
    expires: columnOf("expires"),
    note: columnOf("note"),
    severity: columnOf("severity"),
    port: columnOf("port"),
    action: columnOf("action"),
    counts: columnOf("counts"),
    named: typeByColumn[names[value] as string],
  };
}

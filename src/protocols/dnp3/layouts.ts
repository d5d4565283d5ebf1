/** Bits of flag bytes, from the lowest; a number behind a colon is how many bits the member takes. */
const FLAGS: { readonly [letter: string]: string } = {
  B: "online restart comm_lost remote_forced local_forced chatter_filter reserved state",
  D: "online restart comm_lost remote_forced local_forced chatter_filter state:2",
  O: "online restart comm_lost remote_forced local_forced reserved0 reserved1 state",
  C: "online restart comm_lost remote_forced local_forced rollover discontinuity reserved0",
  A: "online restart comm_lost remote_forced local_forced over_range reference_err reserved0",
  K: "op_type:4 qu cr tcc:2",
  S: "status_code:7 reserved",
  E: "status_code:7 commanded_state",
};

/** Analog values: 32 and 16 bits, with time, single and double precision (IEEE 1815 annex A). */
const analog = (group: number, flag: string): string =>
  `${group}.1=${flag} i4:value|${group}.2=${flag} i2:value|${group}.3=${flag} i4:value t6:timestamp|${group}.4=${flag} i2:value t6:timestamp|` +
  `${group}.5=${flag} f4:value|${group}.6=${flag} f8:value|${group}.7=${flag} f4:value t6:timestamp|${group}.8=${flag} f8:value t6:timestamp`;
const counters = (group: number): string =>
  `${group}.1=C u4:count|${group}.2=C u2:count|${group}.5=C u4:count t6:timestamp|${group}.6=C u2:count t6:timestamp`;

/**
 * Members of a point by group and variation. A capital letter is a byte of flags; u, i, f, t numbers of so many bytes;
 * `p1` and `p2` points of one and two bits; `x` text of a length that an earlier member tells, `r` the rest.
 */
const table = (): string =>
  [
    "1.1=p1|1.2=B|2.1=B|2.2=B t6:timestamp|2.3=B u2:timestamp|3.1=p2|3.2=D|4.1=D|4.2=D t6:timestamp|4.3=D u2:relative_time_ms",
    "10.1=p1|10.2=O|11.1=O|11.2=O t6:timestamp|12.1=K u1:count u4:ontime u4:offtime S|12.2=K u1:count u4:ontime u4:offtime S|12.3=p1",
    "13.1=E|13.2=E t6:timestamp|20.1=C u4:count|20.2=C u2:count|20.5=u4:count|20.6=u2:count",
    "21.1=C u4:count|21.2=C u2:count|21.5=C u4:count t6:timestamp|21.6=C u2:count t6:timestamp|21.9=u4:count|21.10=u2:count",
    counters(22),
    counters(23),
    "30.1=A i4:value|30.2=A i2:value|30.3=i4:value|30.4=i2:value|30.5=A f4:value|30.6=A f8:value",
    "31.1=A i4:value|31.2=A i2:value|31.3=A i4:value t6:timestamp|31.4=A i2:value t6:timestamp|31.5=i4:value|31.6=i2:value",
    "31.7=A f4:value|31.8=A f8:value",
    analog(32, "A"),
    analog(33, "A"),
    "34.1=u2:deadband_value|34.2=u4:deadband_value|34.3=f4:deadband_value",
    "40.1=A i4:value|40.2=A i2:value|40.3=A f4:value|40.4=A f8:value",
    "41.1=i4:value u1:control_status|41.2=i2:value u1:control_status|41.3=f4:value u1:control_status|41.4=f8:value u1:control_status",
    analog(42, "A"),
    analog(43, "u1:status_code"),
    "50.1=t6:timestamp|50.2=t6:timestamp u4:interval|50.3=t6:timestamp|50.4=t6:timestamp u4:interval_count u1:interval_units",
    "51.1=t6:timestamp|51.2=t6:timestamp|52.1=u2:delay_secs|52.2=u2:delay_ms",
    "70.3=u2:filename_offset u2:filename_size t6:created u2:permissions s4:authentication_key u4:file_size u2:operational_mode " +
      "u2:maximum_block_size u2:request_id xfilename_size:filename",
    "70.4=u4:file_handle u4:file_size u2:maximum_block_size u2:request_id u1:status_code r:optional_text",
    "70.5=u4:file_handle u4:block_number r:file_data|70.6=u4:file_handle u4:block_number u1:status_code r:optional_text",
    "70.7=u2:filename_offset u2:filename_size u2:file_type u4:file_size t6:created_timestamp u2:permissions u2:request_id " +
      "xfilename_size:filename",
    "80.1=p1",
  ].join("|");

export interface Step {
  /** `flag`, or how a number is read: u, i, f, t, s; p for packed points; x, r for texts. */
  readonly how: string;
  readonly bytes: number;
  readonly name: string;
  /** Name and number of bits of each flag. */
  readonly bits: readonly (readonly [string, number])[];
}

let layouts: Map<string, string> | undefined;
const steps = new Map<string, readonly Step[]>();

/** How a point of this kind is read; `undefined` when the kind is unknown. */
export function layoutOf(group: number, variation: number): readonly Step[] | undefined {
  const key = `${group}.${variation}`;
  const known = steps.get(key);
  if (known !== undefined) return known;
  layouts ??= new Map(
    table()
      .split("|")
      .map((row) => row.split("=") as [string, string]),
  );
  // Octet strings are as long as their variation says.
  const text = group === 110 || group === 111 ? `o${variation}:data` : layouts.get(key);
  if (text === undefined) return undefined;
  const layout = text.split(" ").map(stepOf);
  steps.set(key, layout);
  return layout;
}

function stepOf(text: string): Step {
  const flags = FLAGS[text];
  if (flags !== undefined) {
    const bits = flags.split(" ").map((flag): [string, number] => {
      const [name, count] = flag.split(":") as [string, string?];
      return [name, Number(count ?? 1)];
    });
    return { how: "flag", bytes: 1, name: "", bits };
  }
  const [how, name = ""] = text.split(":") as [string, string?];
  const letter = how[0] as string;
  return letter === "x" ? { how: how.slice(1), bytes: 0, name, bits: [] } : { how: letter, bytes: Number(how.slice(1)), name, bits: [] };
}

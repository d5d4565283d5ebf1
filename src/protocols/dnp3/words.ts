import { bufferWord, integerWord, ownWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";

const on = ["dnp3"];

/** IEEE 1815 §4.2.2.5. */
const functions: Readonly<Record<string, number>> = {
  confirm: 0,
  read: 1,
  write: 2,
  select: 3,
  operate: 4,
  direct_operate: 5,
  direct_operate_nr: 6,
  immed_freeze: 7,
  immed_freeze_nr: 8,
  freeze_clear: 9,
  freeze_clear_nr: 10,
  freeze_at_time: 11,
  freeze_at_time_nr: 12,
  cold_restart: 13,
  warm_restart: 14,
  initialize_data: 15,
  initialize_appl: 16,
  start_appl: 17,
  stop_appl: 18,
  save_config: 19,
  enable_unsolicited: 20,
  disable_unsolicited: 21,
  assign_class: 22,
  delay_measure: 23,
  record_current_time: 24,
  open_file: 25,
  close_file: 26,
  delete_file: 27,
  get_file_info: 28,
  authenticate_file: 29,
  abort_file: 30,
  activate_config: 31,
  authenticate_req: 32,
  authenticate_err: 33,
  response: 129,
  unsolicited_response: 130,
  authenticate_resp: 131,
};

/** Two bytes of indications (§4.2.2.6), the first in the upper half. */
const indications: Readonly<Record<string, number>> = {
  all_stations: 0x0100,
  class_1_events: 0x0200,
  class_2_events: 0x0400,
  class_3_events: 0x0800,
  need_time: 0x1000,
  local_control: 0x2000,
  device_trouble: 0x4000,
  device_restart: 0x8000,
  no_func_code_support: 0x0001,
  object_unknown: 0x0002,
  parameter_error: 0x0004,
  event_buffer_overflow: 0x0008,
  already_executing: 0x0010,
  config_corrupt: 0x0020,
  reserved_2: 0x0040,
  reserved_1: 0x0080,
};

/** `GROUP,VARIATION`. */
function readObject(argument: string): ((value: unknown) => boolean) | string {
  const [, group, variation] = /^\s*(\d+)\s*,\s*(\d+)\s*$/.exec(argument) ?? [];
  if (group === undefined) return "it takes a group and a variation: `1,2`";
  return (value) => {
    const object = value as { readonly group: number; readonly variation: number };
    return object.group === Number(group) && object.variation === Number(variation);
  };
}

export const dnp3Words: readonly RuleWord[] = [
  integerWord("dnp3_func", on, "both", "What is asked: `read`, `write` … or its number.", {
    aliases: ["dnp3.func"],
    from: pathsIn("dnp3", "application.function_code"),
    numbers: functions,
  }),
  {
    name: "dnp3_ind",
    aliases: ["dnp3.ind"],
    doc: "What the outstation indicates: `device_restart` …",
    type: "flags",
    protocols: on,
    side: "toClient",
    from: pathsIn("dnp3", "iin.indicators"),
    numbers: indications,
  },
  ownWord("dnp3_obj", on, "both", "An object by group and variation: `60,1`.", readObject, {
    aliases: ["dnp3.obj"],
    several: true,
    from: pathsIn("dnp3", "application.objects[]"),
  }),
  bufferWord("dnp3.data", on, "both", "The whole message, put together from segments, without checksums.", { aliases: ["dnp3_data"] }),
];

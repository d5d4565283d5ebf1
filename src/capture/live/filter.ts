import { OddwireError } from "#contract/errors.ts";
import { compileFilterFor, PcapCapture, PcapError } from "#native/pcap-live.ts";
import { captureInterfaces } from "./interfaces.ts";
import { dataLinkType, linkFacts } from "./link-types.ts";

/**
 * Compiles a filter (pcap-filter(7)) to the classic BPF program that the kernel runs on an interface's frames; it
 * also cuts them to `snapBytes`. With the right to capture, the interface itself is asked what its kernel offers, so
 * that `vlan` finds tags that the kernel took off the frame. Throws ODW_FILTER_BAD or ODW_LIBPCAP_MISSING.
 */
export function compileLiveFilter(name: string, text: string, snapBytes: number): Uint8Array {
  const hardware = captureInterfaces().find((one) => one.name === name)?.hardware ?? 1;
  const link = dataLinkType(linkFacts(hardware).linkType);
  try {
    return compileOn(name, link, text, snapBytes) ?? compileFilterFor(link, snapBytes, text);
  } catch (error) {
    throw pcapFailure(error, name, text);
  }
}

/** Compiles on the interface itself; `undefined` when it cannot be opened or libpcap reads it in another way than we do. */
function compileOn(name: string, link: number, text: string, snapBytes: number): Uint8Array | undefined {
  let capture: PcapCapture;
  try {
    capture = new PcapCapture(name, { snapBytes, promiscuous: false, bufferBytes: 1_048_576, retireMs: 10 });
  } catch (error) {
    if (error instanceof PcapError && error.kind === "library") throw error;
    return undefined;
  }
  try {
    return capture.link === link ? capture.compile(text) : undefined;
  } finally {
    capture.close();
  }
}

/** The error for people that a libpcap error stands for; other errors stay what they are. */
export function pcapFailure(error: unknown, name: string, filter = ""): unknown {
  if (!(error instanceof PcapError)) return error;
  const values = { interface: name, filter, cause: error.message };
  if (error.kind === "library") return new OddwireError("ODW_LIBPCAP_MISSING", values, { cause: error });
  if (error.kind === "filter") return new OddwireError("ODW_FILTER_BAD", values, { cause: error });
  if (error.kind === "rights") return new OddwireError("ODW_CAPTURE_RIGHTS", values, { cause: error });
  if (error.kind === "missing") {
    const choices = captureInterfaces().map((one) => one.name);
    return new OddwireError("ODW_INTERFACE_MISSING", { ...values, choices: choices.join(", ") }, { cause: error });
  }
  return new OddwireError("ODW_INTERFACE_LOST", values, { cause: error });
}

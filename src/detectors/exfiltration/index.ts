import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { StolenMail } from "./stolen-mail.ts";
import { Upload } from "./upload.ts";

export default definePlugin({
  name: "exfiltration",
  summary: "Data on its way out: more than is usual, to places for passing files on, or under the names of stealers.",
  detectors: [
    defineDetector({
      name: "exfiltration",
      summary:
        "A client that sends a server outside far more in an hour than it gets back and than is usual there, and for uploads to new places.",
      advice: {
        meaning: "A machine sent out far more than it ever did: a backup or an upload, or stolen data.",
        next: "Ask its user what was sent. If nobody knows, take the machine off the network and look which program sent it.",
      },
      category: "exfiltration",
      techniques: ["T1041", "T1048"],
      reads: ["tls", "quic", "http"],
      settings: {
        "bytes-min": integer(250_000_000, "bytes", "Bytes that a client sends one server in an hour before it is looked at."),
        "ratio-min": decimal(5, "", "Bytes sent for each byte got; calls and syncing have fewer.", { min: 1 }),
        "times-usual-min": decimal(5, "", "Times the most that it sent there in an earlier hour.", { min: 1 }),
        "surprise-min": decimal(4, "", "Deviations of the logarithm above what it sends there in an hour; less is only an observation."),
        "upload-surprise-min": decimal(
          2,
          "",
          "The same above what it, and any client of the network, uploads to places that are new to it; 1.5 less at hours of the day at which it hardly ever sends.",
        ),
        "hours-min": integer(24, "h", "Hours since the client was first seen without which a large upload is only an observation."),
        "accusations-per-day": integer(
          3,
          "findings",
          "Most accusations within 24 hours of packet time; what is found beyond them is told as an observation.",
          { min: 1, max: 1000 },
        ),
        "service-bytes-min": integer(
          1_000_000,
          "bytes",
          "Bytes over one connection to a place for passing files on that are told (policy).",
        ),
      },
      create: ({ report, settings }) =>
        new Upload(
          {
            bytesMin: settings["bytes-min"],
            ratioMin: settings["ratio-min"],
            timesUsualMin: settings["times-usual-min"],
            surpriseMin: settings["surprise-min"],
            uploadSurpriseMin: settings["upload-surprise-min"],
            hoursMin: settings["hours-min"],
            serviceBytesMin: settings["service-bytes-min"],
            accusationsPerDay: settings["accusations-per-day"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "stolen-data",
      summary: "Mails and uploads in clear text under the names that stealers give them, or that carry the sending machine's name.",
      advice: {
        meaning: "A mail or an upload looks like those in which malware sends away the passwords and files of a machine.",
        next: "Take the machine off the network now, and change every password that was used or stored on it.",
      },
      category: "exfiltration",
      techniques: ["T1048.003"],
      reads: ["smtp", "ftp", "ftp_data"],
      create: ({ report }) => new StolenMail(report),
    }),
  ],
});

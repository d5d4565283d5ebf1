import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { integer } from "#schema/config-key.ts";
import { BruteForce } from "./brute-force.ts";
import { loginKinds } from "./login.ts";

export default definePlugin({
  name: "brute-force",
  summary: "Passwords that are guessed: at one account, at many, or from many machines.",
  detectors: [
    defineDetector({
      name: "brute-force",
      summary: "Failed logins in numbers, of SSH, RDP, SMB, Kerberos, LDAP, FTP, mail, web, databases, VNC, MQTT and SIP.",
      advice: {
        meaning: "Somebody guesses passwords. If the title says that they got in, an account is probably in their hands.",
        next: "Block the source unless it is a program of yours with an old password. If they got in, change that password and look at what was done with the account.",
      },
      category: "bruteforce",
      techniques: ["T1110"],
      reads: loginKinds,
      settings: {
        "failures-min": integer(
          6,
          "logins",
          "Failed logins of one client at one service within a minute; of web pages four times as many.",
          {
            min: 2,
          },
        ),
        "slow-failures-min": integer(20, "logins", "The same within ten minutes.", { min: 2 }),
        "accounts-min": integer(5, "accounts", "Accounts at which one client fails within ten minutes, few times each.", { min: 2 }),
        "clients-min": integer(10, "clients", "Clients that fail at one service within ten minutes.", { min: 2 }),
      },
      create: ({ report, settings }) =>
        new BruteForce(
          {
            failuresMin: settings["failures-min"],
            slowFailuresMin: settings["slow-failures-min"],
            accountsMin: settings["accounts-min"],
            clientsMin: settings["clients-min"],
          },
          report,
        ),
    }),
  ],
});

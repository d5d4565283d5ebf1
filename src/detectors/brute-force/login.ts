import { type Members, membersOf, textOf } from "#base/members.ts";
import type { FlowFact, TransactionFact } from "#contract/detector.ts";

/** How an attempt to log in went. */
export interface Login {
  /** Name of the service for people: SSH, FTP … */
  readonly service: string;
  readonly success: boolean;
  /** Account that was tried; empty when it is not told. */
  readonly account: string;
  /** The password itself went over the wire: where nothing around it is encrypted, anybody on the way can read it. */
  readonly isReadable: boolean;
}

const first = (value: unknown): Members => membersOf(Array.isArray(value) ? value[0] : undefined);

/** A login by its outcome; `undefined` when the message is none, or its outcome is not known. */
const outcome = (service: string, success: boolean | undefined, account = "", isReadable = false): Login | undefined =>
  success === undefined ? undefined : { service, success, account, isReadable };

/** Paths of pages that people log in at; interfaces that programs ask are not among them. */
const loginPage = /(?:log-?in|sign-?in|auth|session|wp-login|xmlrpc|account|admin|password)/i;

/** Logins by a form on a page. */
const webPage = "the web page";

/** Services whose clients are refused in the course of things, so that more failures are needed. */
export const isWeb = ({ service }: Login): boolean => service === "HTTP" || service === webPage;

/** What the messages of each kind say of logins. The kinds are those that the detector reads. */
const readers: Readonly<Record<string, (fields: Members, fact: TransactionFact) => Login | undefined>> = {
  // RFC 959, 5.4: 230 logged in, 530 not logged in.
  ftp: (fields) => {
    if (fields["command"] !== "PASS") return undefined;
    const code = textOf((fields["completion_code"] as readonly unknown[] | undefined)?.[0]);
    return outcome("FTP", code === "230" ? true : code === "530" || code === "430" ? false : undefined, textOf(fields["user"]), true);
  },
  // RFC 4954, 6: 535 credentials invalid.
  smtp: (fields) => {
    if (fields["auth"] === undefined) return undefined;
    const success =
      fields["auth_success"] === true ? true : fields["auth_success"] === false || fields["reply_code"] === 535 ? false : undefined;
    return outcome("SMTP", success, textOf(fields["user"]), /^(?:PLAIN|LOGIN)$/i.test(textOf(fields["auth"])));
  },
  imap: (fields) => {
    const command = textOf(membersOf(fields["request"])["command"]);
    if (command !== "LOGIN" && !command.startsWith("AUTHENTICATE")) return undefined;
    const status = membersOf(fields["response"])["status"];
    return outcome("IMAP", status === "OK" ? true : status === "NO" ? false : undefined, textOf(fields["user"]), command === "LOGIN");
  },
  pop3: (fields) => {
    const command = textOf(membersOf(fields["request"])["command"]);
    if (command !== "PASS" && command !== "APOP" && !command.startsWith("AUTH")) return undefined;
    const success = membersOf(fields["response"])["success"];
    return outcome("POP3", typeof success === "boolean" ? success : undefined, textOf(fields["user"]), command === "PASS");
  },
  // 1045 access denied (ER_ACCESS_DENIED_ERROR).
  mysql: (fields) => {
    if (fields["cmd"] !== "login") return undefined;
    return outcome("MySQL", fields["success"] === true ? true : fields["error_code"] === 1045 ? false : undefined, textOf(fields["arg"]));
  },
  // 28P01 invalid password, 28000 invalid authorization.
  pgsql: (fields) => {
    const response = membersOf(fields["response"]);
    const code = textOf(response["code"]);
    const success = response["message"] === "authentication_ok" ? true : code === "28P01" || code === "28000" ? false : undefined;
    return outcome("PostgreSQL", success);
  },
  // 18456 login failed.
  tds: (fields) =>
    fields["type"] === "login"
      ? outcome(
          "SQL Server",
          fields["success"] === true ? true : fields["error_number"] === 18456 ? false : undefined,
          textOf(fields["user"]),
        )
      : undefined,
  ldap: (fields) => {
    const asked = membersOf(membersOf(fields["request"])["bind_request"]);
    const code = textOf(membersOf(first(fields["responses"])["bind_response"])["result_code"]);
    const name = textOf(asked["name"]) || textOf(membersOf(asked["ntlmssp"])["user"]);
    // An anonymous bind proves nothing.
    if (asked["authentication"] === "anonymous") return undefined;
    return outcome("LDAP", code === "success" ? true : code === "invalid_credentials" ? false : undefined, name);
  },
  redis: (fields) => {
    const command = membersOf(fields["cmd"]);
    if (textOf(command["name"]).toUpperCase() !== "AUTH") return undefined;
    return outcome("Redis", typeof fields["success"] === "boolean" ? fields["success"] : undefined, textOf(command["user"]));
  },
  rfb: (fields) => {
    const result = membersOf(fields["authentication"])["security_result"];
    return outcome("VNC", result === "OK" ? true : result === "FAIL" || result === "TOOMANY" ? false : undefined);
  },
  // MQTT 3.1.1, 3.2.2.3: 4 bad user name or password, 5 not authorised; MQTT 5: 0x86, 0x87.
  mqtt: (fields) => {
    const code = membersOf(fields["connack"])["return_code"] ?? membersOf(fields["connack"])["reason_code"];
    if (typeof code !== "number") return undefined;
    const account = textOf(membersOf(fields["connect"])["username"]);
    return outcome("MQTT", code === 0 ? true : [4, 5, 0x86, 0x87].includes(code) ? false : undefined, account);
  },
  telnet: (fields) =>
    fields["password"] === true
      ? outcome("Telnet", typeof fields["success"] === "boolean" ? fields["success"] : undefined, textOf(fields["user"]), true)
      : undefined,
  // RFC 3261, 21.4: every registration is asked for its proof first (401), so only a refusal of the proof counts.
  sip: (fields) => {
    if (!textOf(fields["cseq"]).endsWith("REGISTER")) return undefined;
    return outcome("SIP", fields["code"] === "200" ? true : fields["code"] === "403" ? false : undefined, textOf(fields["to"]));
  },
  smb: (fields) => {
    if (!textOf(fields["command"]).includes("SESSION_SETUP")) return undefined;
    const status = textOf(fields["status"]);
    const account = textOf(membersOf(fields["ntlmssp"])["user"]);
    const isRefused = /LOGON_FAILURE|WRONG_PASSWORD|NO_SUCH_USER|ACCOUNT_(?:LOCKED|DISABLED|RESTRICTION)|PASSWORD_EXPIRED/.test(status);
    return outcome("SMB", isRefused ? false : status === "STATUS_SUCCESS" && account !== "" ? true : undefined, account);
  },
  // RFC 4120, 7.5.9: the account exists or not, its proof is right or not.
  krb5: (fields) => {
    if (fields["msg_type"] === "KRB_AS_REP") return outcome("Kerberos", true, textOf(fields["cname"]));
    const code = textOf(fields["error_code"]);
    const isRefused = /KDC_ERR_(?:PREAUTH_FAILED|C_PRINCIPAL_UNKNOWN|CLIENT_REVOKED)/.test(code);
    return isRefused && fields["failed_request"] === "KRB_AS_REQ" ? outcome("Kerberos", false) : undefined;
  },
  http: (fields) => {
    const status = Number(fields["status"]);
    if (status === 401) return outcome("HTTP", false);
    // A form that comes back (200) or sends to itself is a refusal; being sent elsewhere is a success.
    if (fields["http_method"] === "POST" && loginPage.test(textOf(fields["url"])))
      return status === 200 ? outcome(webPage, false) : status === 302 || status === 303 ? outcome(webPage, true) : undefined;
    return status >= 200 && status < 400 ? outcome("HTTP", true) : undefined;
  },
};

export const loginKinds: readonly string[] = Object.keys(readers);

/** What a message says of a login. */
export const loginOf = (fact: TransactionFact): Login | undefined => readers[fact.kind]?.(fact.fields, fact);

/**
 * Encrypted logins that can only be told by their connection: SSH ended after its key exchange with a few small packets
 * is a refusal (a session that was let in moves more), RDP the same.
 */
export function loginOfFlow(fact: FlowFact): Login | undefined {
  if (fact.protocol !== 6 || !fact.established || fact.midstream) return undefined;
  const { packetsToServer, bytesToServer, bytesToClient } = fact;
  if (fact.service === "ssh") {
    const isExchanged = packetsToServer >= 8 && bytesToServer >= 1000 && bytesToClient >= 1000;
    if (!isExchanged) return undefined;
    return outcome("SSH", bytesToServer >= 4500 || bytesToClient >= 5500 || packetsToServer > 45);
  }
  if (fact.service === "rdp") {
    const isExchanged = packetsToServer >= 6 && bytesToServer >= 800;
    return isExchanged ? outcome("RDP", bytesToClient >= 20_000) : undefined;
  }
  return undefined;
}

/** What a hit of the default list in a real capture is: looked at by hand, one row for a capture and a keyword (`*`: all). */
export interface Verdict {
  /** End of the capture's name. */
  readonly capture: string;
  /** The keyword's note. */
  readonly keyword: string;
  readonly isTrue: boolean;
  readonly reason: string;
}

const held = (capture: string, keyword: string, reason: string): Verdict => ({ capture, keyword, isTrue: true, reason });

export const verdicts: readonly Verdict[] = [
  held("WebattackRCE.pcap", "A command behind the name of a program", "Nikto tries a shell's separator behind /cgi-bin/handler"),
  held("WebattackRCE.pcap", "A function for bash in a header (Shellshock)", "Nikto sends `() { _; } >_[$($())]` as Referer"),
  held("WebattackRCE.pcap", "A path leads to files of the system", "Nikto asks for winnt/system32/cmd.exe and /etc/ through `..`"),
  held("WebattackRCE.pcap", "A path leaves its folder", "Nikto's probes of path traversal, plain and encoded"),
  held("WebattackRCE.pcap", "A scanner that says so", "Nikto names itself in the User-Agent of each request"),
  held(
    "WebattackRCE.pcap",
    "A web shell is given a command",
    "`?cmd=cat%20/etc/passwd` and `?cmd=dir%20` to scripts that run what they are given",
  ),
  held("WebattackRCE.pcap", "A worm asks IIS for a shell", "`/../winnt/…/cmd.exe?/c`"),
  held("WebattackRCE.pcap", "Files of the system are read", "`;cat /etc/passwd` in the parameter of a script"),
  held("WebattackRCE.pcap", "Files of the system's users", "/etc/passwd and /etc/shadow are asked for"),
  held("WebattackRCE.pcap", "OGNL in a request (Struts)", "an expression of OGNL as Content-Type (CVE-2017-5638)"),
  held("WebattackRCE.pcap", "PHP runs a command", "passthru( is put into a parameter that PHP evaluates"),
  held("dotenv.pcap", "A file that a server should not give", "/.env is asked for"),
  held("sql_injection.pcap", "SQL is put into a request: UNION SELECT", "UNION+SELECT in the id of a page"),
  held("http_dvwa_sqlinjection.pcapng", "*", "an injection into a vulnerable practice server: ' or 0=0 union select"),
  held("http_dvwa_sqlinjection_passwords.pcapng", "*", "an injection that reads the table of users"),
  held("output-multi-eve-input.pcap", "Log4j looks something up, encoded", "an encoded jndi look-up in a form, that opens the shell below"),
  held("output-multi-eve-input.pcap", "The answer of `id`", "a reverse shell answers uid=1000(user)"),
  held("output-multi-eve-input.pcap", "Files of the system are read", "sudo cat /etc/shadow in the reverse shell"),
  held("bug-7657-01-input.pcap", "*", "allow_url_include and php://input: PHP is made to run the body (CVE-2024-4577, CVE-2012-1823)"),
  held("http-protocol-nodup-input.pcap", "*", "the scripting engine of Nmap asks for /.git/HEAD and says who it is"),
  held("vxlan-non-zero-reserved-fields-input.pcap", "Files of the system's users", "GET /etc/passwd inside of VXLAN"),
  held("-input.pcap", "The test file of EICAR", "the response is the test file, which the capture is made to hide in broken HTTP"),
];

/** The verdict of a hit; `undefined` when nobody has looked at it. */
export const verdictOf = (capture: string, keyword: string): Verdict | undefined =>
  verdicts.find((verdict) => capture.endsWith(verdict.capture) && (verdict.keyword === "*" || verdict.keyword === keyword));

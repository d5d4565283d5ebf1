/**
 * How common pairs of bytes are in traffic, from a small sample of what packets carry. Only the order of magnitude
 * matters: it decides which part of a literal is looked for first, never whether it is found.
 */

const FOLD = 0x20;
const sample = [
  "GET / HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
  " (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,",
  "image/webp,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: keep-alive",
  "\r\nReferer: https://www.example.org/index.php?id=1&page=2\r\nCookie: session=abcdef0123456789\r\n\r\nPOST /api/v1/",
  "HTTP/1.1 200 OK\r\nServer: Apache/2.4.1 (Unix)\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html; ",
  "charset=utf-8\r\nContent-Length: 1024\r\nCache-Control: no-cache, max-age=0\r\nSet-Cookie: id=1; path=/; expires=\r\n",
  "Last-Modified: Transfer-Encoding: chunked X-Powered-By: PHP/7.4 ETag: Vary: Expires: Pragma: Location: http://",
  '<!DOCTYPE html><html><head><title>the</title><meta name="description" content="in"><link rel="stylesheet" href="/css/',
  'main.css"><script type="text/javascript" src="/js/jquery.min.js"></script></head><body><div class="container">',
  '<a href="http://www.">and to of that this for with are you not have from</a><img src="/images/" alt="" width="100"',
  ' height="100"></div><p style="margin:0;padding:0"></span><ul><li></li></ul></td></tr></table></body></html>\r\n',
  "function(e){return this.length>0?document.getElementById(t):null;}var i=0;if(n!==undefined)window.location=new ",
  'Array();for(var a in b){}else{}.prototype.push(x);{"id":1,"name":"value","type":"object","data":[],"status":true,"time":"',
  "220 mail.example.com ESMTP\r\nEHLO \r\n250-SIZE\r\nMAIL FROM:<user@>\r\nRCPT TO:\r\nUSER anonymous\r\nPASS \r\n331 Password",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/    ====\n\n\n----....",
  "\0\0\0\0\0\0\0\0\x01\0\0\0\x02\0\x01\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xffSMB\0\0\0\0\x17\x03\x03\0\x16\x03\x01\x02\0\x01\0\0\x90\x90\x90\x90AAAA",
].join("");

const pair = (first: number, second: number): number => ((first | FOLD) << 8) | second | FOLD;

/** Where two bytes stand in `pairWeights`, folded. */
export const pairIndex = pair;

/** Weight of each pair of folded bytes, at least 1. */
export function pairWeights(): Float64Array {
  const weights = new Float64Array(65_536).fill(1);
  for (let i = 1; i < sample.length; i++) {
    const at = pair(sample.charCodeAt(i - 1), sample.charCodeAt(i));
    weights[at] = (weights[at] as number) + 1;
  }
  return weights;
}

/** How common each byte is: larger is more common. */
export const byteWeights: Float64Array = countBytes();

function countBytes(): Float64Array {
  const weights = new Float64Array(256);
  for (let i = 0; i < sample.length; i++) weights[sample.charCodeAt(i)] = (weights[sample.charCodeAt(i)] as number) + 1;
  return weights;
}

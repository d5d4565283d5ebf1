/**
 * Words that names are made of: plain words of a few languages, first names, places, and what services call themselves. Written for this purpose;
 * how complete it is decides how well a name splits into words, nothing more.
 */
export const words: readonly string[] = `
abcd able about above absent absolute abuse academy accept accepted accepts access account accounts acks across action actions active
actor adam adapt adaptive added additional additionals addon address addressed addresses addressing adds admin admitted adventure
adversary advice affair after afterwards again against agency agent agile agree agreed agrees ahead air airport alabama alan alarm
alaska albert album alert alerts alex algorithm algorithms alice aligned alignment alike alive alives allocated allocates allocation
allow allowed allows almeida alone along alpha alphabet alpn already also always amanda amazing america amigo among amour amqp amy
analytics anchor andrea andrew anew angel angela animal anna announce announced announces anomalies anomaly anompacket anomplayer
anomsession anonymous another answer answered answers anthony antique antivirus anybody anything anywhere apache apart api apotheke app
append appendix appends apple application apps april arbor arcade arch archive archives area arena argument arguments arizona army
around array arrays arrival arrivals arrive arrived arrow arthur artist ascending ascii asia aside asked asks asset assets assigned
athens atlanta atlas atom attack attempt attic attribute attributes auction audio august aunt austin auth author authorities authority
authors auto autumn avenue await award aware away azure baby back backoff backslash backslashes backup bacnet bacon badge bahn baker
balance ball balloon bamboo banana banco band bandwidth bangkok bank banner barbara barcelona bare barn baron bars base basic basket
batch batches bath battery bau bauer beach beacon bean bear beauty bebe became because becker become becomes bed bee been beer before
began begin beginning beginnings begins begun behind beijing being belgium believed bell bella belong belongs below belt ben bench berg
bergen berlin bernard berry beside best beta better betty between beyond bianchi bicycle big bigint bike bill binary bind binds bingo
bins bird birth bishop bit bite bitmap bits bittorrent black blade blanco blank blanks blast blaze blend bless bleu blind block blocks
blog bloom blue blues board boat bob bodies body bold bolt bombay bond bone bonjour bonus book boost boot bootstrap border borrowed boss
boston bot both bots bottle bounce bound boundaries boundary bounded bounding bounds bowl box boy bracket brackets brad brain branch
brand brasil brave bread break breaks breeze brew brian brick bride bridge brief bright bring brings bristol broad broke broken broker
bronze brook brooklyn brother brought brown browser browsers bruno brush bsize bubble bucket budapest buddy budget buffalo buffer
buffers build builder builds built bulk bull bundle burger burn burst business busy butter button buyer buzz bypassed byte bytes
bytesmax cabin cable cache cafe cairo cake calcio calendar calibrated calibration california call called caller calling calls callsmax
cambridge came camera camp campus canada canal cancel candle candy cannot canvas canyon capability capacity capital capitals captain
capture captured captures capwap car carbon card cards care career cargo carl carlos carol carolina carpet carriage carried carries
carry cart carvalho casa case cases cash casino cassandra cast castle casual catalog catch categories category catherine cattle caught
cause caused cedar cell cells center central century certificate chain chair challenge challenges champion chance change changed changes
channel channels chapter character characters charge charity charles charlie charm charset chart chase chat cheap check checked checks
checksum checksums cheese chef chelsea cherry chess chest cheval chicago chicken chief child children china choice choices choose
chooses chose chosen chris christine chunk chunks church cielo cifs cinema cipher ciphers circle cisco city ciudad civil claim claimed
claims claire class classes classic claudia clean clear cleared cleveland clever click clickhouse client clienthello clients climate
climb clinic clip clock clocks close closed closes closing cloth clothing cloud clover club coach coap coast coat coche cocoa code codes
coding codings coffee coin cold collect collectd collected collection collector college colon colons color colorado colours columbia
column columns combination combined come comes comic comma command commands commas comment comments commit commits common community
company compare compared compares comparison comparisons compass compile compiled compiler compilers compiles complained complete
completed completes component components composition compound compressed compression compute computed computer concept concerns concert
condition conditional conditions conf config configured confirmed conn connack connect connected connection connections connects consent
considered console consoles const constant constants consult consumed consumer contact contacts contains content contents contest
context contexts conti continues contract control controllers cook cookie cool copied copies copper copy coral core cores corner
correlation cosmos cost costa costs cotp cotton could council count counted counter counterpart counters counting country counts county
couple coupon courage course court cover coverage covers cow craft crane crash crazy cream create creative credentials credit crew
cricket crime crop cross crosses crowd crown cruise crypto crystal cuba cube cuisine culture cup current cursor curve custom customer
cuts cyber cycle daily dairy dakota dallas damage damaged dance danger daniel dark dash dashes data database databases datagram
datagrams datarep dataset dataview date daughter david dawn day dcerpc ddnet dead deadline deal dean dear debate debt decade decide
decided decides decimal decision decisions declaration declarator declare declared declares decode decoded decoder decoders decodes
decoding decor decrypt decrypted deep deer default defaults defined definitions defrag degree delays delete deleted deletes deletion
deliver delta demand demands demo dennis dental denver depend dependency depends depot depth depthmax derby derive derived derives
describe describes description descriptor descriptors desert design desk desktop destination detail detector detectors detroit deutsch
dev deviation device devices diagonal dial dialects diamond diana diario diary dies diet differ difference different differently differs
digest digests digit digital digits dinner direct direction directions directives directories directory dirt disable disc discover
discovery dish disk display distance distinct distributed dive divided division docs doctor document documents does dog dolce dollar
dolphin domain donald done donor doom door dot dots dotted double doubled doubles dove down download draft drafts dragon drama draw
drawn dream dress drink drive driver drop dropped droprights drops drum dry dublin dubois duck duplicate durand during dust dutch duty
each eagle earlier early earth east easy eat echo eclipse ecole edge edges edinburgh edit edited edition editor editors edward effect
effects egg egypt eicar eight either elbow elder electric elegant element elements elena elephant eleven elite elizabeth else elsewhere
email ember emerald emily emit emits emma empire emploi empresa empties empty enabled encoded encoding encrypt encrypted encryption
ended endian ending endpoints ends energy enet engine english enip enjoy enough enter entries entropy entry enum enums envelope
environment eperm epic equal equally equity eric errno error errors erspan escape escaped escapes escuela essay established estate
eternal europe eva evader evaluation evasion evidence evil exact exactly exam example excel exception exceptions exchange exchanges
executable exist exists exit exotic expanded expected expert expires explain exploit explore exponent export exports express expression
extended extension extensions extra extract extracted eye fabric face fact factor factory facts fail failed fails failure failures fair
faith falcon fall falls false fame families family famous fan fancy fanout fantasy farm farmer farthest fashion fast faster fastest
fastify father feast feather feature features feed feedback feeds feel felix fell fence fences fern ferrari festa festival fetch fetched
fewer fiber field fields fiesta fifth fight figure figures file filed fileinfo filename files fill filled fills film filter filters
final finance find finding findings finds fine finger fingerprint finish finished finland fips fire firm first fischer fish fit fitness
fits five fixed flag flags flame flash flat fleet fleur flex flexible flight flip flix float flood floor florida flow flower flows flush
flushms fly focus folded folder folders folds folk follow followed follows food foot football forbids force foreign forest forever forge
forgets forgotten fork form format formats formed forms formula fortune forum forward fossil found fountain four fourth fox foxio
fraction fragment fragments frame frameblock framed frames framing france frank free freedom frequent fresh freund friday friend frog
from front frost frostbite fruit fuel fulfil fulfilled fulfils full fun function functions fund funny furniture further furthest fusion
futbol future gain galaxy gallery gallo gamble game gamer games gamespy gaming gaps garage garcia garden garten gary gas gate gates
gathered gathers gave gear gem general generalised generate generated generation generator generic geneva geneve genius genshin gentle
george georgia german gets getter getters ghost giant gianvecchio gift ginger giorno girl git give given gives giving glad glasgow glass
global glory glove glow goal goat goes going gold golden goldsrc golf gone gonzalez good google grace grade grain gram grammar grams
grand granite grant grape graph grass gravity gray grease great greco greece greek green greet greeting greetings greg grid grill grind
group groups grove grow growing grown grows growth gssapi guard guess guessed guest guide guild guitar gulf gusto gym gzip habit habits
hair half hall halves hamburg hammer hand handed handle handler handles hands handshake handshakes handy hang hannah happened happens
happy harbor hard hardware harmless harmony harry hartigan harvest hash hashed hashes hassh hat haus have haven hawaii hawk head header
headers health heap hear heard hears heart heat heaven heavy hedge height heights held helen hello hellos help henry here hero
heuristics hexadecimal hidden hide hides high highest highway hill hint histogram history hits hmac hobby hockey hoffmann hold holds
hole holes holiday hollow holy home honest honey hood hook hope horizon horn horse hospital host hostile hosting hosts hotel hour hours
house houston however hub huffman huge human humor hundred hunt hunter husky hyperscan hysteresis ian iana ice icmp icon idea ideal
identifier identifiers identity ietf ignore ignored illinois image imap img impact import imported importing imports impossible inch
include included includes income incomplete independent index indexes india indications indicator indicators indie indigo industry inert
infinity info information initial injection inner innermost input insert inside insight inspector inspectors insta install installed
instance instant instead instruction insure integer integers intel inter interest interface interfaces interim internet interval
intervals into invest iowa iprep ireland iron isabel island israel issued istanbul italy item items itself ivan ivory jack jacket jacob
jade jamaica james jane japan jardin jason java javascript jazz jeff jelly jennifer jersey jessica jet jewel jim jitter job joe jogo
john join joined joining joins joke jonas jordan jose joseph journal journey joy json judge judged judges judging juegos juice julia
july jumbogram jump jumps june jungle junior just justice kafka kansas karen karma kate keep keeper keeps kelly ken kentucky kenya kept
kerberos kernel kettle kevin kexinit key keys keyword keywords kick kid kids kiev kill killed kilobytes kim kind kinder kinds king
kingdom kit kitchen kite kitten knife knight know known knows korea kraft lab label labels labs lack lacks ladder lady lags lake lamp
lancaster land landlock lane language lantern large larger largest laser last late lately later latest laugh launch laundry laura
laurent law lawyer layer layers layout layouts ldap lead leader leading leads leaf league leap learn leasetime least leather leave
leaves leaving leben left legacy legal legend lemon lend length lengths lenient lens lent leo less lesson lets letter letters level
liberty libhtp libpcap libraries library libri libro licence license licht lies life lift light like likelihood lily lime limit limited
limits linda line linearly lines link linux lion liquid lisa lisbon list listed listen listener listens lists lite literal literals
little live lively liverpool lives livro load loaded loader loading loads loan local locale lock lodge log logic logical login logins
logo logon logs loja london long longer longest look looked looking looks loop loopback loops lopez lord lose loses loss losses lost
lotus louis love lovely low lower lowest loyal lucas luck lucky lucy luke lumiere lunar lunch luxury lyon lyric machine machines macos
macro macros made madison madrid magic magnet mail main maison major make maker makes making malformed mall malta man manchester mango
manila manor mantine manual many map maple mapped mapping marble march maria marina marino mario mark marked market marks markt marriage
mars martha martin martinez mary mask master match matched matcher matches mate material math matrix matt matter matters max maximum
maybe maze meadow meal mean meaning means meant meanwhile measure measured measures meat mechanisms media median medical medium meet
meets mega melbourne melissa member members memcached memory memphis mend mends menu mercury mere merged merges merit mesh message
messages metadata metal meter method methods metres metric metrics metro mexico miami michael michelle michigan micro microsecond
microsoft middle midnight might mike milan mile milk mill million millisecond milwaukee mime mimic mind mine minecraft mini minnesota
mint minute minutes mirror misp miss missed misses missing mission mistake mixed mobile moda mode model modern modifier modify mods
module modules modulo moment moments monde mondo money mongodb monica monitor monkey monster montana month montreal moon moral more
moreau morning mortgage moscow most mostly mother motion motor mountain mouse mouth move moved movement moves movie much multi multipart
multiplayer multiple mumble mundo munich muscle museum mushroom music musica must mygame mysql mystic name named names namespace nancy
naples narrow narrowest nascimento natalie nathan nation native nats nature naval navy ndjson near nearest nearly neat neck need needed
needs negated negation negative negotiation negro neighbours neither nepal nerve nest nested nesting net netbios netquake network
networks neural nevada never new newer newest newline news next nice nick nicole night nikto nina nine nmap noble nobody nocase node
nodes noise nomachine nomad nonce none nonsense noon norfolk normal north norway nose note noted notes nothing notice notices noticias
notizie nova novak novel nowhere npcap null number numbered numbers nurse nut oak oakland oasis obeys object objects occur ocean octet
octets october odds offer offered offers office official offload offset offsets often ohio oil old older oldest olive oliveira oliver
olympic once one ones online only opcode opcodes opcua open openapi opened opener opening opens openssl openttd openvpn opera operand
operation operations operator opnum opsawg optic option optional options optionsmax orange orbit orchid order ordered orders ordinary
oregon organic origin orlando oscar oslo other others otherwise ottawa ours outdoor outer outermost outlet outlive output outputs outs
outside oven over overlap overlapping overlaps overwritten owl own owner owns oxford oxlint oxygen oyster pace pack package packages
packed packet packets packetsmax packing padded padding page pages paint pair pairs palace palm pamela panama panda panel panic paper
parade paradise param parameter parameters parent parenthesis pareto paris park parrot parse parsed parser parsers parses part partition
partitions partner parts partsmax party pass passed passes passing passion passthru passwd password passwords past pasta path paths
patient patrick patrol pattern patterns paul pause pauses pay payday payload payloads pays pcap pcapng pcre pdus peace peach peak pearl
peer peers pen pencil pending pendingmax people pepper perc pereira perez perfect performance perfume perhaps period perl permissions
person peru pet peter petit phase philadelphia philip phoenix phone photo phrase piano pick picture pie piece pieces pilot pine ping
pings pink pioneer pipe pipeline pipes pirate pixel pizza place places plain plan plane planet plant plastic plate platform play played
player players plays plaza pleasure plenty plex plot plugin plugins plum plus pocket poem poet point pointer pointers points poker
poland polar police policy polish poll polo pond pont pony pool pop popular port portal portland porto ports portugal position positive
possible post posted poster postgresql potato pound powder power pragma prague praia precision preface prefilter prefix prelogin
prepared presence present press previous price pride prime prince print printable printed prints priority private prize pro probability
probe probes problems proc procedure process processes processor processors producer product profile profit program programs progress
project promise promises prompt prompts proof properties property proposal protect protected protection protects proto protobuf protocol
protocols proud prove proves proxies proxy pseudo public publish published pulse pump punch pupil puppy pure purple push puts puzzle
quake quality quant quantile quantiles quarantine quarter quebec queen queries query quest question questions queue quic quick quiet
quilt quintile quintiles quiz quote quoted quotes rabbit race rachel racing radar radio rain rainbow raise raknet rally ralph ranch
random range ranges rank rapid rare rarely rarer rarest rate ratio ratios raven rcon reach reached reaches react read readable reader
readers reading readme reads ready real realm reason reasons reassembly rebecca rebel received receiver receivers receives receiving
recent recently recipe recognised record recorded recording records recursion red redis reducer reef reference referenced references
referer refresh refusal refuse refused refuses regard region register registers registries registry regular reise rejections rejects
relative relax relay relays released reload remark remarks remedy remember remembered remembers remote remove removed removes rename
rent repair repeat repeated repeats repetition repetitions replace replaced replaces replay replies reply report reported reports
repository reputation reputations request requests require requires rescue reserved reserving reset resolution resolved resolver
resolves resort resource resources responder response responses rest restarts result results resume retail retention retr retro return
returned returns reused reverse review revision reward rhythm ribbon ricci rice rich richard richmond ride right rights ring rings rise
river road robert robin roblox robot rock rocket rodeo rodriguez roger role roll roman romano rome ronald roof room rooms root rope rosa
rose rossi rotated rotates rotation rouge rough round rounded rounds route router routes routing rows royal rrname ruby rugby rule rules
run runner running runs rural rush russia russian russo ruth ryan sabre sacred safari safe safety sage said sail saint salad sale
salesforce salmon salon salt salud salute sam same sample samples samuel sanchez sand sandbox sandra sane sante santos sapphire sara
sarah sasl satin saturn sauce save savvy says scale scan scans scenario scene schema schemas scheme schmidt schneider school schule
science scope score scorer scorers scotland scott scout scratch screen script scripting scripts scuola sea sealed seam sean search
searched searches season seat seattle seccomp second seconds secret secrets section sections secure security seed seeded seeds seek seen
sees segment segments seldom select self send sender senders sending sends senior sense sent sentence seoul separator sequence sequences
sequential serial series serve server servers serves service services session sessions sets setting settings settled seven several
severe severity shade shadow shanghai shannon shape shapes shard shards share shared shares shark sharp sheep sheet shelf shell shelves
shield shift shine ship shirt shock shoe shoot shop shopping shore short shorter shortest shorthands shot should show shower shown shows
sick side sides sight sighup sigkill sign signal signals signature signatures signed significant signs sigterm silence silent silk silva
silver simon simple since singapore singer single sink sinks sister site sitter six size sizes skate skill skin skinny skip skipped
skips skull sky slash slashes sleep slice slide slim slip slot slots slow slower small smaller smallest smart smile smith smoke smooth
snack snake sname snap snapshot snow soap soccer social sock socket sockets socks sofia soft software soil solar soleil solid solo
solution some somebody something sonic sonne sonos soon sophie sort sorted sorts soul sound soup source sources south souza spa space
spaces spain span spark speak speaks spearman special speed spell spelled spelling spellings spice spider spin spirit splash split
splitter spnego spoils spoke spoken sport sports spot spotify spread spreads spring spy square squared squirrel stable stack stadium
stadt staff stage stamp stand standard stands star starmade start started starting starts starttls stat state statement states static
station statist statistic statistics stats status stay stays stdint steak steam steel stefan stella step stephen stepped steps stereo
stern steve stick sticky still stock stockholm stone stood stop stopped stops storage store stored stores storm story straight stranger
strangers stream streams street strict stride strike string strings strong struct structs structure structures student studio study stun
style subject substrings succeeded success such sudo suffix suffixes sugar suit suite summary summed summer summit sums sun sunday sunny
sunset super supply support supported sure surf surface surprise survives susan sushi swan swap sweden sweet swift swim swing swiss
switch switched switches sword sydney symbol symbols sync synchronous syntax syslog system systemerror systems table tables tag tagged
tags tail tails taiwan take taken takes talent talk tall tampa tank tanya tap tape target targets task taste tattoo tax taxi taylor
tcpdump tea teach team teams teamspeak tech technik tele telecom tell telling tells telnet temple tempo ten tennis tent teredo terminal
terra test tested tests texas text texts thailand than thanks that theater their theirs them theme themselves then theory there these
they thing things think third this thomas those though thousand thousands thread threads three threshold thresholds through thrown
throws thunder tibia tick ticket ticks tide tiempo tienda tiger tim timber time timeline timers times timestamp timestamps tina tiny tip
tire titan title toast today todd together token tokens tokyo told tolerance tom tomato tony took tool tools tooth top topic torch
toronto total totals touch tour tower town toy trabajo track tracker trade trader traffic trail trailer train trainer trans transaction
transfer transferred transform transforms transport trap travel travels treasure tree trend trial tribe trick tried tries trip tropic
trouble troubles truck true trust truth tube tulip tune tunnel tunnels turbo turkey turn turned turns turtle tuscany tutor twice twin
twist two txid type typed typedef types typescript ukraine ultra umbrella unanswered unasked uncle undecided undefined under understands
understood undoes undone unfinished unicorn uniform union unions unique unit united units unity universe unix unknown unless unreal
unsigned until unusual unwrapped update upload uplot upper urban urgent urls used useful user users uses usual usually utah vain valid
valley value values valuesmax vanessa vanilla variable variables variation varies vault vector vectors vegas velvet vendor venice
venture verde verdict verdicts verified vermont verse versicherung version versions viaggi viajes vibe victor victoria victory vida
video vienna vietnam view views villa village vincent vintage vinyl violet violin viper virginia virtual vision visit vital vivid
vocabulary voice volcano vote voyage vxlan wagner wagon wait waited waiting waits wald walk walks wall wallet walter want wanted wants
war warm warsaw wash washington wasm watch watched watches water wave way ways weak wealth weather web webassembly weber websocket
websockets wedding week weight weighted weights welcome welford well welt wendy went were werk west wetter wget whale what whatever
wheat wheel when whenever where wherever whether which while white whitelist whoever whole wholly whom whose wide widest width wiki wild
will william win wind window windows wine wing winner winnt wins winter wire wireend wireguard wisdom wise wish with within without wolf
woman wonder wood wool word words work worker workers works world worst worth would wrap wrapper writable write writer writers writes
writing written wrong wrote yacht yaml yard year yellow yields yoga yorkshire young your yours youth zebra zeit zeitung zen zero zeros
zip zlib zone zoo zookeeper zurich
`
  .trim()
  .split(/\s+/);

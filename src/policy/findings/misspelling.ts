import { present } from '../../runtime/present.ts'

/**
 * Whether a name that does not exist is plainly one that does, mistyped: so plainly that nothing will ever arrive under it.
 *
 * | the names                                                                            | mistyped |
 * | ------------------------------------------------------------------------------------ | -------- |
 * | differ by one letter added, left out or changed, or by two neighbours swapped        | yes      |
 * | differ by anything else: a digit, a separator, two letters                           | no       |
 * | differ in a part, between `-`, `.` and `_`, that says where something is, on either side: an environment, a region, a cloud, a registry, or a single letter | no |
 *
 * `registry-dev` and `registry-prd`, `regcred-eu` and `regcred-us`, `ecr` and `gcr` are near one another, and not mistyped: the
 * other one is on its way. Digits within a part are left out before it is looked up, so `prd2` says what `prd` says.
 */
export function isMisspelling(missing: string, existing: string): boolean {
  const partsOfMissing = missing.split(SEPARATOR)
  const partsOfExisting = existing.split(SEPARATOR)
  if (partsOfMissing.length !== partsOfExisting.length) return false
  // Separators are parts as well, since they are captured.
  const differing = partsOfMissing.flatMap((part, i) => {
    const other = present(partsOfExisting[i])
    return part === other ? [] : [[part, other] as const]
  })
  const [pair] = differing
  if (pair === undefined || differing.length > 1) return false
  return !pair.some(saysWhere) && isOneSlip(...pair)
}

const SEPARATOR = /([-._])/
const LETTER = /^[a-z]$/

function saysWhere(part: string): boolean {
  const letters = part.replace(/[0-9]/g, '')
  return letters.length <= 1 || PLACES.has(letters)
}

/** Whether one slip of the finger on a letter makes one text of the other. */
function isOneSlip(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at += 1
  const isLetter = (text: string, i: number) => LETTER.test(text.charAt(i))
  if (short.length < long.length) return isLetter(long, at) && short.slice(at) === long.slice(at + 1)
  if (!isLetter(short, at) || !isLetter(long, at)) return false
  if (short.slice(at + 1) === long.slice(at + 1)) return true
  const isSwapped = short[at] === long[at + 1] && short[at + 1] === long[at]
  return isSwapped && isLetter(short, at + 1) && short.slice(at + 2) === long.slice(at + 2)
}

const ENVIRONMENTS =
  'dev devel develop development test tests tst testing qa qas uat sit int integ integration stage staging stag stg prep ' +
  'preprod preview pre prod prd prods production live demo sandbox sbx sand lab labs local ci cd perf load canary blue green ' +
  'nonprod beta alpha rc main master internal external int ext public private hot cold old new'
const REGIONS =
  'north south east west central northeast northwest southeast southwest eastus westus emea apac apj amer americas latam anz ' +
  'nordic nordics benelux dach asia europe africa world zone region primary secondary nam eur aus ind chn usa gbr'
/** Countries as in ISO 3166, and what is used beside it. */
const COUNTRIES =
  'ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz ca cc cd cf ' +
  'cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi fj fk fm fo fr ga gb gd ge gf gg gh ' +
  'gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ' +
  'ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ' +
  'ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn ' +
  'so sr ss st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws ye yt ' +
  'za zm zw eu uk ap'
const CLOUDS =
  'aws gcp gce gke azure azr aks eks amazon google microsoft ibm ibmcloud oci oracle ali alibaba aliyun tencent ovh hetzner ' +
  'scaleway linode akamai digitalocean openstack vsphere onprem edge'
const REGISTRIES =
  'ecr ecrs gcr acr gar ghcr ocir icr scr tcr swr ccr quay hub docker dockerhub dockerio gitlab github git harbor nexus ' +
  'artifactory jfrog jcr pull push mirror proxy cache nvcr ngc mcr'

const PLACES: ReadonlySet<string> = new Set(
  [ENVIRONMENTS, REGIONS, COUNTRIES, CLOUDS, REGISTRIES].flatMap(words => words.split(' ')),
)

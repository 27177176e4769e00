/*
 * Logarithms, exponentials and cosines with the same bits on every machine. ECMAScript leaves the last bit of Math.log and its kind
 * open, and V8 compiles them from C++, with fused multiplications on some processors (nodejs/node#59095). Additions,
 * multiplications, divisions and square roots are specified to the bit. So these are the functions of fdlibm in such operations:
 * FreeBSD, lib/msun/src/e_log.c, s_log1p.c and e_exp.c, from which V8's are made, too. Their errors are below one unit in the
 * last place.
 */

const scratch = new Float64Array(1)
const words = new Int32Array(scratch.buffer)
/** Which half of a double has sign, exponent and the first bits of the mantissa. */
const high = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0

const smallestNormal = 2.2250738585072014e-308
/** 2^54: makes a subnormal number a normal one. */
const two54 = 18_014_398_509_481_984
const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10
const [l1, l2, l3, l4, l5, l6, l7] = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784,
  0.1818357216161805, 0.15313837699209373, 0.14798198605116586,
] as const

function highWord(x: number): number {
  scratch[0] = x
  return words[high] as number
}

/** `x` with another high word. */
function withHighWord(x: number, word: number): number {
  scratch[0] = x
  words[high] = word
  return scratch[0]
}

/** The natural logarithm; −∞ of 0, and not a number below. */
export function log(x: number): number {
  if (x >= smallestNormal) return x < Number.POSITIVE_INFINITY ? logOf(x, 0) : x
  if (x > 0) return logOf(x * two54, -54)
  return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
}

function logOf(x: number, exponent: number): number {
  const word = highWord(x)
  const mantissa = word & 0xfffff
  const half = (mantissa + 0x95f64) & 0x100000
  const k = exponent + (word >> 20) - 1023 + (half >> 20)
  const f = withHighWord(x, mantissa | (half ^ 0x3ff00000)) - 1
  if ((0xfffff & (2 + mantissa)) < 3) return logNearPower(f, k)
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const r = z * (l1 + w * (l3 + w * (l5 + w * l7))) + w * (l2 + w * (l4 + w * l6))
  if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
    const halfSquare = 0.5 * f * f
    return k === 0
      ? f - (halfSquare - s * (halfSquare + r))
      : k * ln2High - (halfSquare - (s * (halfSquare + r) + k * ln2Low) - f)
  }
  return k === 0 ? f - s * (f - r) : k * ln2High - (s * (f - r) - k * ln2Low - f)
}

/** ln(2^k · (1 + f)) for |f| < 2⁻²⁰. */
function logNearPower(f: number, k: number): number {
  if (f === 0) return k === 0 ? 0 : k * ln2High + k * ln2Low
  const r = f * f * (0.5 - (1 / 3) * f)
  return k === 0 ? f - r : k * ln2High - (r - k * ln2Low - f)
}

/** ln(1 + x) for x > −1, exact also for small x. */
export function log1p(x: number): number {
  const size = Math.abs(x)
  if (size < 2 ** -29) return size < 2 ** -54 ? x : x - x * x * 0.5
  const word = highWord(x)
  // From −0.2929 to 0.4142.
  if (word < 0x3fda827a && (word > 0 || word <= (0xbfd2bec4 | 0))) return log1pOf(x, 1, 0, 0)
  const u = 1 + x
  const uWord = highWord(u)
  const mantissa = uWord & 0xfffff
  const isUpper = mantissa >= 0x6a09e
  const exponent = (uWord >> 20) - 1023
  const rounded = (exponent > 0 ? 1 - (u - x) : x - (u - 1)) / u
  const f = withHighWord(u, mantissa | (isUpper ? 0x3fe00000 : 0x3ff00000)) - 1
  const rest = isUpper ? (0x100000 - mantissa) >> 2 : mantissa
  return log1pOf(f, rest, exponent + (isUpper ? 1 : 0), rounded)
}

function log1pOf(f: number, rest: number, k: number, rounded: number): number {
  const halfSquare = 0.5 * f * f
  if (rest === 0) {
    if (f === 0) return k === 0 ? 0 : k * ln2High + (rounded + k * ln2Low)
    const r = halfSquare * (1 - (2 / 3) * f)
    return k === 0 ? f - r : k * ln2High - (r - (k * ln2Low + rounded) - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const r = z * (l1 + z * (l2 + z * (l3 + z * (l4 + z * (l5 + z * (l6 + z * l7))))))
  return k === 0
    ? f - (halfSquare - s * (halfSquare + r))
    : k * ln2High - (halfSquare - (s * (halfSquare + r) + (k * ln2Low + rounded)) - f)
}

const [p1, p2, p3, p4, p5] = [
  0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6,
  4.1381367970572385e-8,
] as const

/** e^x. */
export function exp(x: number): number {
  const size = Math.abs(x)
  // Also for NaN.
  if (!(size < 708)) return expOfLarge(x)
  if (size < 2 ** -28) return 1 + x
  // Half of ln 2 and one and a half: up to there one multiple of ln 2 is taken off at most.
  if (size <= 0.34657359027997264) return expOf(x, 0, 0)
  if (size < 1.0397207708399179) {
    return x > 0 ? expOf(x - ln2High, ln2Low, 1) : expOf(x + ln2High, -ln2Low, -1)
  }
  const k = (Math.LOG2E * x + (x > 0 ? 0.5 : -0.5)) | 0
  return expOf(x - k * ln2High, k * ln2Low, k)
}

/** e^(above − below) · 2^k, with k from −1022 to 1023. */
function expOf(above: number, below: number, k: number): number {
  const x = above - below
  const t = x * x
  const c = x - t * (p1 + t * (p2 + t * (p3 + t * (p4 + t * p5))))
  if (k === 0) return 1 - ((x * c) / (c - 2) - x)
  const y = 1 - (below - (x * c) / (2 - c) - above)
  return y * withHighWord(0, (0x3ff + k) << 20)
}

function expOfLarge(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY
  if (x < -745.1332191019411) return 0
  // In two steps, of which each is a normal number.
  const half = exp(x / 2)
  return half * half
}

const [c1, c2, c3, c4, c5, c6] = [
  0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7,
  2.087572321298175e-9, -1.1359647557788195e-11,
] as const
const [s1, s2, s3, s4, s5, s6] = [
  -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6,
  -2.5050760253406863e-8, 1.58969099521155e-10,
] as const

/** The cosine of a part of a full turn, 0 to 1. Source of the polynomials: fdlibm, k_cos.c and k_sin.c. */
export function cosineOfTurn(turn: number): number {
  const half = turn > 0.5 ? 1 - turn : turn
  const quarter = half > 0.25 ? 0.5 - half : half
  const value =
    quarter > 0.125 ? sine(2 * Math.PI * (0.25 - quarter)) : cosine(2 * Math.PI * quarter)
  return half > 0.25 ? -value : value
}

/** For 0 to π ÷ 4. */
function cosine(x: number): number {
  const z = x * x
  const r = z * (c1 + z * (c2 + z * (c3 + z * (c4 + z * (c5 + z * c6)))))
  return 1 - (0.5 * z - z * r)
}

/** For 0 to π ÷ 4. */
function sine(x: number): number {
  const z = x * x
  return x + z * x * (s1 + z * (s2 + z * (s3 + z * (s4 + z * (s5 + z * s6)))))
}

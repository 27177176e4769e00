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

/** 2^54: makes a subnormal number a normal one. */
const two54 = 18_014_398_509_481_984

function highWord(x: number): number {
  scratch[0] = x
  return words[high] as number
}

/** 2^k at index `unit` + k: exact, since each is double the one before. */
const unit = 1030
const powers = new Float64Array(2 * unit + 1)
powers[unit] = 1
for (let k = 1; k <= unit; k++) {
  powers[unit + k] = 2 * (powers[unit + k - 1] as number)
  powers[unit - k] = (powers[unit - k + 1] as number) / 2
}

/** x · 2^k, exact where it is a normal number. */
function scaled(x: number, k: number): number {
  return x * (powers[unit + k] as number)
}

/** The natural logarithm; −∞ of 0, and not a number below. */
export function log(x: number): number {
  if (x >= 2.2250738585072014e-308) return x < Number.POSITIVE_INFINITY ? logOf(x, 0) : x
  if (x > 0) return logOf(x * two54, -54)
  return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
}

function logOf(x: number, exponent: number): number {
  const word = highWord(x)
  const mantissa = word & 0xfffff
  const half = (mantissa + 0x95f64) & 0x100000
  const k = exponent + (word >> 20) - 1023 + (half >> 20)
  const f = scaled(x, exponent - k) - 1
  if ((0xfffff & (2 + mantissa)) < 3) return logNearPower(f, k)
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const r =
    z *
      (0.6666666666666735 +
        w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586))) +
    w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
    const halfSquare = 0.5 * f * f
    return k === 0
      ? f - (halfSquare - s * (halfSquare + r))
      : k * 0.6931471803691238 -
          (halfSquare - (s * (halfSquare + r) + k * 1.9082149292705877e-10) - f)
  }
  return k === 0
    ? f - s * (f - r)
    : k * 0.6931471803691238 - (s * (f - r) - k * 1.9082149292705877e-10 - f)
}

/** ln(2^k · (1 + f)) for |f| < 2⁻²⁰. */
function logNearPower(f: number, k: number): number {
  if (f === 0) return k === 0 ? 0 : k * 0.6931471803691238 + k * 1.9082149292705877e-10
  const r = f * f * (0.5 - (1 / 3) * f)
  return k === 0 ? f - r : k * 0.6931471803691238 - (r - k * 1.9082149292705877e-10 - f)
}

/** ln(1 + x) for x > −1, exact also for small x. */
export function log1p(x: number): number {
  const size = Math.abs(x)
  if (size < 1.862645149230957e-9) return size < 5.551115123125783e-17 ? x : x - x * x * 0.5
  if (x > -0.2928934097290039 && x < 0.41421318054199219) return log1pOf(x, 1, 0, 0)
  const u = 1 + x
  const uWord = highWord(u)
  const mantissa = uWord & 0xfffff
  const isUpper = mantissa >= 0x6a09e
  const k = (uWord >> 20) - 1023 + (isUpper ? 1 : 0)
  const rounded = (u >= 2 ? 1 - (u - x) : x - (u - 1)) / u
  const rest = isUpper ? (0x100000 - mantissa) >> 2 : mantissa
  return log1pOf(scaled(u, -k) - 1, rest, k, rounded)
}

function log1pOf(f: number, rest: number, k: number, rounded: number): number {
  const halfSquare = 0.5 * f * f
  if (rest === 0) {
    if (f === 0)
      return k === 0 ? 0 : k * 0.6931471803691238 + (rounded + k * 1.9082149292705877e-10)
    const r = halfSquare * (1 - (2 / 3) * f)
    return k === 0
      ? f - r
      : k * 0.6931471803691238 - (r - (k * 1.9082149292705877e-10 + rounded) - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const r =
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z *
                (0.22222198432149784 +
                  z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))))
  return k === 0
    ? f - (halfSquare - s * (halfSquare + r))
    : k * 0.6931471803691238 -
        (halfSquare - (s * (halfSquare + r) + (k * 1.9082149292705877e-10 + rounded)) - f)
}

/** e^x. */
export function exp(x: number): number {
  const size = Math.abs(x)
  // Half of ln 2.
  if (!(size <= 0.34657359027997264)) return expFrom(x, size)
  if (size < 3.725290298461914e-9) return 1 + x
  const c = expRemainder(x)
  return 1 - ((x * c) / (c - 2) - x)
}

/** e^x for a size that needs a multiple of ln 2, which is in two parts, taken off: once up to one and a half times that. */
function expFrom(x: number, size: number): number {
  if (!(size < 708)) return expOfLarge(x)
  if (size >= 1.0397207708399179) {
    const k = (Math.LOG2E * x + (x > 0 ? 0.5 : -0.5)) | 0
    return expOf(x - k * 0.6931471803691238, k * 1.9082149292705877e-10, k)
  }
  return x > 0
    ? expOf(x - 0.6931471803691238, 1.9082149292705877e-10, 1)
    : expOf(x + 0.6931471803691238, -1.9082149292705877e-10, -1)
}

/** e^(above − below) · 2^k. */
function expOf(above: number, below: number, k: number): number {
  const x = above - below
  const c = expRemainder(x)
  return scaled(1 - (below - (x * c) / (2 - c) - above), k)
}

function expRemainder(x: number): number {
  const t = x * x
  return (
    x -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))))
  )
}

function expOfLarge(x: number): number {
  if (Number.isNaN(x)) return x
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY
  if (x < -745.1332191019411) return 0
  // In two steps, of which each is a normal number.
  const half = exp(x / 2)
  return half * half
}

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
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (2.480158728947673e-5 +
              z *
                (-2.7557314351390663e-7 +
                  z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))))
  return 1 - (0.5 * z - z * r)
}

/** For 0 to π ÷ 4. */
function sine(x: number): number {
  const z = x * x
  return (
    x +
    z *
      x *
      (-0.16666666666666632 +
        z *
          (0.00833333333332249 +
            z *
              (-0.0001984126982985795 +
                z *
                  (2.7557313707070068e-6 +
                    z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))))
  )
}

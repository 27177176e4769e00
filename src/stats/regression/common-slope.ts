/** One observation: the measured value y, and its covariate x. */
export interface Observation {
  readonly x: number
  readonly y: number
}

/** The slope of y over x inside groups, without the differences between groups. */
export interface CommonSlope {
  readonly slope: number
  /** Standard deviation of x inside the groups. */
  readonly spread: number
  /** Degrees of freedom: observations less one for each group's mean and one for the slope. */
  readonly freedom: number
}

/**
 * The slope of y over x that all groups share. Each observation is centred on the mean of its group, so that the differences
 * between groups do not affect it. Analysis of covariance, with one slope.
 *
 * Source: Fisher, Statistical Methods for Research Workers, section 49.1; Cochran, Biometrics 13(3), 1957.
 */
export function commonSlope(groups: readonly (readonly Observation[])[]): CommonSlope {
  let [sxx, sxy, n] = [0, 0, 0]
  const filled = groups.filter((group) => group.length > 0)
  for (const group of filled) {
    const [x, y] = [mean(group.map((one) => one.x)), mean(group.map((one) => one.y))]
    for (const one of group) {
      sxx += (one.x - x) ** 2
      sxy += (one.x - x) * (one.y - y)
    }
    n += group.length
  }
  const within = n - filled.length
  return {
    slope: sxx > 0 ? sxy / sxx : 0,
    spread: within > 0 ? Math.sqrt(sxx / within) : 0,
    freedom: within - 1,
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

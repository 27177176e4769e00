import type { K6Settings } from '../../plan/load/k6-journey.ts'
import { defaultSettings } from '../runtime/shared-state.ts'
import type { OptionValues } from './executors.ts'

/** Options that are read elsewhere. */
const loadOptions = [
  'duration',
  'insecureSkipTLSVerify',
  'iterations',
  'scenarios',
  'stages',
  'thresholds',
  'vus',
]

/** Options of k6 that change how it reports or prepares, not the load. */
const without: Readonly<Record<string, string>> = {
  ext: 'settings of other programs',
  cloud: 'settings of other programs',
  summaryTrendStats: 'reports have their own percentiles',
  summaryTimeUnit: 'reports have their own units',
  systemTags: 'figures are grouped by step and stage',
  tags: 'figures are grouped by step and stage',
  setupTimeout: 'setup() may take 60 s',
  teardownTimeout: 'teardown() may take 60 s',
  noVUConnectionReuse: 'connections are shared by all users',
  linger: 'lb ends when the load has ended',
}

/** The settings of requests in k6's options. */
export function readSettings(options: OptionValues): K6Settings {
  const settings = defaultSettings()
  const { maxRedirects, batch, batchPerHost, userAgent } = options
  return {
    maxRedirects: typeof maxRedirects === 'number' ? maxRedirects : settings.maxRedirects,
    batch: typeof batch === 'number' ? batch : settings.batch,
    batchPerHost: typeof batchPerHost === 'number' ? batchPerHost : settings.batchPerHost,
    discardResponseBodies: options.discardResponseBodies === true,
    noCookiesReset: options.noCookiesReset === true,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
  }
}

/** One line about each option that has no effect. */
export function ignoredOptions(options: OptionValues): string[] {
  const read = new Set([...loadOptions, ...Object.keys(defaultSettings()), 'userAgent'])
  return Object.keys(options)
    .filter((name) => !read.has(name))
    .map((name) => `k6's option ${name} has no effect: ${without[name] ?? 'lb does not have it'}`)
}

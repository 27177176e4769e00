import { examineAdmin } from '../doctor/running/admin-checks.ts'
import { examineOutside } from '../doctor/running/outside-checks.ts'
import { probe } from '../doctor/running/probe.ts'
import { shownUrl, targetUrl } from '../plan/target-url.ts'
import type { Diagnosis } from '../result/diagnosis.ts'
import type { HostCheck } from '../result/host-check.ts'
import { fetchMetrics } from '../watch/fetch-metrics.ts'
import { type MetricsAddress, metricsAddress } from '../watch/metrics-address.ts'
import { readMetrics } from '../watch/read-metrics.ts'

/**
 * Looks at a running balancer: from outside, with a few requests, and at the metrics of its admin port where that is given.
 *
 * @throws {UsageError} an address cannot be used
 */
export async function diagnoseBalancer(
  address: string,
  admin: string | undefined,
): Promise<Diagnosis> {
  const target = targetUrl(address)
  const metrics = admin === undefined ? undefined : metricsAddress(admin)
  const shown = shownUrl(target)
  const { url, socketPath } = target
  const probed = socketPath === undefined ? `${url.origin}${url.pathname}` : shown
  const outside = examineOutside(await probe(target), probed)
  const inside = metrics === undefined ? [] : await adminChecks(metrics)
  return { of: 'balancer', subject: shown, checks: [...outside, ...inside], symptoms: [] }
}

async function adminChecks({ url, shown }: MetricsAddress): Promise<HostCheck[]> {
  const options = {
    token: process.env.LB_ADMIN_TOKEN,
    timeout: 3,
    signal: new AbortController().signal,
  }
  try {
    return examineAdmin(readMetrics(await fetchMetrics(url, options)), shown)
  } catch (error) {
    const found: HostCheck = {
      ...{ name: 'admin', title: 'admin port', state: 'bad', found: (error as Error).message },
      effect: 'workers, backends, retries and delays of the event loop cannot be seen',
      advice: 'give the address that lb serve prints for its admin port',
      recheck: `curl -s ${shown}/metrics`,
    }
    return [found]
  }
}

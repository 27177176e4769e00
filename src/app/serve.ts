import type { BalancerSettings } from '../balancer/config/config.ts'
import { runBalancer } from '../balancer/process/run-balancer.ts'
import { catchSignals } from '../balancer/process/signals.ts'
import { type Balancer, startBalancer } from '../balancer/supervisor/balancer.ts'
import type { Invocation } from '../cli/invocation.ts'
import { stepMeans } from '../kit/step-means.ts'
import { type ServeFlags, serveConfig } from './serve-config.ts'

/**
 * Runs the reference balancer until SIGINT or SIGTERM, then drains and stops it, and prints where the time of requests went if
 * their steps were timed. SIGHUP reopens the access log, and reads the file of `--config` and the files of certificates again.
 *
 * @throws {UsageError} the configuration cannot be used, or the port is in use
 */
export async function serve(flags: ServeFlags, { print, render }: Invocation): Promise<void> {
  using signals = catchSignals()
  let running: Balancer | undefined
  await runBalancer({
    signals,
    async start(host) {
      const { file, config } = serveConfig(flags)
      return startBalancer(config, { file, host })
    },
    ready(balancer) {
      const { settings, port, adminPort } = balancer
      running = balancer
      print(readyText(settings, port))
      if (adminPort !== undefined) print(adminText(adminPort))
    },
    reload: (balancer) => void reload(balancer, flags),
  })
  const steps = running && stepMeans([], running.steps())
  if (steps === undefined) return
  const { stepsText } = await import('../../reports/commands/steps.ts')
  print(stepsText(steps, render))
}

/** Says in one line of standard error what a reload has done. */
async function reload(balancer: Balancer, flags: ServeFlags): Promise<void> {
  try {
    const { changed, needRestart } = await balancer.reload(() => serveConfig(flags).config)
    const restart =
      needRestart.length === 0 ? '' : `; a restart is needed for: ${needRestart.join(', ')}`
    const what = changed ? 'configuration changed' : 'configuration unchanged, certificates read'
    process.stderr.write(`SIGHUP: ${what}${restart}\n`)
  } catch (error) {
    const { message } = error as Error
    process.stderr.write(`SIGHUP: nothing changed: ${message.replaceAll('\n', ' ')}\n`)
  }
}

function adminText(port: number): string {
  const address = `http://127.0.0.1:${port}`
  return `admin port: ${address}\nwatch it: lb watch ${address}\n`
}

function readyText(settings: BalancerSettings, port: number) {
  const { workers, backends, tls, host, listen, algorithm } = settings
  const threads = `${workers} ${workers === 1 ? 'worker' : 'workers'}`
  const count = `${backends.length} ${backends.length === 1 ? 'backend' : 'backends'}`
  const scheme = tls === undefined ? 'http' : 'https'
  const address = listen ?? `${scheme}://${host}:${port}`
  return `lb is ready on ${address} (${algorithm}, ${threads}, ${count})\n`
}

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

/*
 * Preloaded into every process of lb, to plant a cause of slow requests twice a second: LB_PLANT names the role and the kind,
 * `target-gc`, `target-loop`, `driver-gc` or `driver-loop`. A balancer works in its workers, whose
 * program is their own file, a driver in its main thread.
 */
const [role = '', kind = ''] = (process.env.LB_PLANT ?? '').split('-')
const program = role === 'target' ? /balancer\/worker/ : /driver\/main/
const [everyMs, loopMs, liveObjects] = [500, 40, 600_000]

function plantCollections(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // What is alive is what a full collection takes time for.
  const live = Array.from({ length: liveObjects }, (_, i) => ({ i, next: { i } }))
  setInterval(() => {
    if (live.length > 0) collect()
  }, everyMs).unref()
}

function plantDelays(): void {
  setInterval(() => {
    const until = performance.now() + loopMs
    while (performance.now() < until);
  }, everyMs).unref()
}

if (program.test(process.argv[1] ?? '') && isMainThread === (role === 'driver')) {
  if (kind === 'gc') plantCollections()
  else if (kind === 'loop') plantDelays()
}

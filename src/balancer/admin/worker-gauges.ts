import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { watchLoopDelay } from './loop-delay.ts'
import type { WorkerMetrics } from './worker-metrics.ts'

/** Seconds between two measurements. */
const interval = 1

/**
 * Measures the calling worker once a second until it is disposed: the event loop delay in that second, the
 * memory, the CPU time and the time of garbage collection.
 */
export function publishGauges(metrics: WorkerMetrics): Disposable {
  const delay = watchLoopDelay()
  let gcMs = 0
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcMs += duration
  })
  collections.observe({ entryTypes: ['gc'] })
  const publish = () => {
    const { median, p99, max } = delay.take()
    metrics.setGauge('loopDelayMedian', median)
    metrics.setGauge('loopDelayP99', p99)
    metrics.setGauge('loopDelayMax', max)
    const { used_heap_size, external_memory } = getHeapStatistics()
    metrics.setGauge('heapBytes', used_heap_size)
    metrics.setGauge('externalBytes', external_memory)
    const { user, system } = process.threadCpuUsage()
    metrics.setGauge('cpuUser', user / 1e6)
    metrics.setGauge('cpuSystem', system / 1e6)
    metrics.setGauge('gcSeconds', gcMs / 1e3)
  }
  publish()
  const timer = setInterval(publish, interval * 1000)
  timer.unref()
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      collections.disconnect()
      delay[Symbol.dispose]()
    },
  }
}

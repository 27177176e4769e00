import type { ProcessCosts } from './process.ts'

/**
 * The costs of processes of one role that were read apart, on several hosts: times, switches and memory are added up; the
 * busiest thread is that of all of them. Peaks are added up, too, though they may not have been at one moment.
 */
export function sumOfCosts(all: readonly [ProcessCosts, ...ProcessCosts[]]): ProcessCosts {
  const [first] = all
  if (all.length === 1) return first
  const sum = (name: Exclude<keyof ProcessCosts, 'course'>) =>
    all.reduce((total, one) => total + one[name], 0)
  const busiest = all.reduce((a, b) => (b.busiestThreadSeconds > a.busiestThreadSeconds ? b : a))
  const rows = Math.min(...all.map(({ course }) => course.at.length))
  const column = (name: 'cpuSeconds' | 'rssBytes') =>
    Array.from({ length: rows }, (_, i) =>
      all.reduce((total, { course }) => total + (course[name][i] ?? 0), 0),
    )
  return {
    userSeconds: sum('userSeconds'),
    systemSeconds: sum('systemSeconds'),
    busiestThreadSeconds: busiest.busiestThreadSeconds,
    busiestThreadWaitedSeconds: busiest.busiestThreadWaitedSeconds,
    waitedSeconds: sum('waitedSeconds'),
    voluntarySwitches: sum('voluntarySwitches'),
    involuntarySwitches: sum('involuntarySwitches'),
    rssMeanBytes: sum('rssMeanBytes'),
    rssPeakBytes: sum('rssPeakBytes'),
    course: {
      at: first.course.at.slice(0, rows),
      cpuSeconds: column('cpuSeconds'),
      rssBytes: column('rssBytes'),
    },
  }
}

import { readdirSync, readFileSync } from 'node:fs'

const pageBytes = 4096

/** Number of files that a process has open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Resident memory of a process. */
function residentBytes(pid: number): number {
  const [, pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return Number(pages) * pageBytes
}

/** Samples the resident memory of a process ten times per second; the returned function ends that and returns the maximum. */
export function watchPeakMemory(pid: number): () => number {
  let max = residentBytes(pid)
  const timer = setInterval(() => {
    max = Math.max(max, residentBytes(pid))
  }, 100)
  return () => {
    clearInterval(timer)
    return max
  }
}

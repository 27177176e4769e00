import { readdirSync, readFileSync } from 'node:fs'

const pageBytes = 4096

/** Files that a process has open. */
export function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Memory of a process that is resident. */
function residentBytes(pid: number): number {
  const [, pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return Number(pages) * pageBytes
}

/** Looks at a process's memory ten times a second until it is asked for the most. */
export function watchMemory(pid: number): () => number {
  let most = residentBytes(pid)
  const looking = setInterval(() => {
    most = Math.max(most, residentBytes(pid))
  }, 100)
  return () => {
    clearInterval(looking)
    return most
  }
}

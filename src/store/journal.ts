import { readFileSync } from 'node:fs'
import { type FileHandle, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ownersOnly } from '../kit/output.ts'
import { readText } from '../kit/read-text.ts'
import type { Measurement, ResultDocument } from '../result/document.ts'
import { openFolder } from './open-folder.ts'

/** The part of a run that is known before its first trial: a document without trials, and the CPUs of its processes. */
interface RunFacts {
  readonly document: ResultDocument
  /** CPUs that processes could be placed on. */
  readonly cpus: number
}

/** A run as its journal has it. */
export interface JournalledRun extends RunFacts {
  readonly file: string
  readonly trials: readonly Measurement[]
}

/**
 * A file in `.lb` with the trials of a run in progress, one line each: what a run leaves behind that is killed, or whose
 * host fails. Disposing removes it. A file that cannot be written, on a full disk for example, is no error of the run:
 * it ends with the last complete line.
 */
export interface Journal extends AsyncDisposable {
  begin(facts: RunFacts): Promise<void>
  add(trial: Measurement): Promise<void>
  /** Leaves the file in place: its run could not be stored elsewhere. */
  keep(): void
}

/** A journal in this folder; undefined: one that writes nothing. */
export function journalIn(folder: string | undefined): Journal {
  const path = folder === undefined ? undefined : join(folder, `${prefix}${process.pid}${suffix}`)
  let file: FileHandle | undefined
  let kept = false
  const close = async () => {
    await file?.close().catch(() => undefined)
    file = undefined
  }
  const write = async (line: unknown) => {
    await file?.appendFile(`${JSON.stringify(line)}\n`).catch(close)
  }
  return {
    async begin(facts) {
      if (folder === undefined || path === undefined) return
      await close()
      file = await create(folder, path)
      await write({ started: startOf(process.pid), ...facts })
    },
    add: write,
    keep() {
      kept = true
    },
    async [Symbol.asyncDispose]() {
      await close()
      if (path !== undefined && !kept) await rm(path, { force: true }).catch(() => undefined)
    },
  }
}

/**
 * The runs in this folder that were killed, the oldest first; those of running processes are left out. A run without a
 * trial leaves nothing: its file is removed.
 */
export async function killedRuns(folder: string): Promise<JournalledRun[]> {
  const names = await readdir(folder).catch(() => [])
  const runs: JournalledRun[] = []
  for (const name of names.filter((one) => one.startsWith(prefix) && one.endsWith(suffix))) {
    const file = join(folder, name)
    const { started, run } = await readJournal(file)
    const now = startOf(Number(name.slice(prefix.length, -suffix.length)))
    if (now !== '' && (now === started || started === '')) continue
    if (run === undefined || run.trials.length === 0) await rm(file, { force: true })
    else runs.push(run)
  }
  return runs.toSorted((a, b) => a.document.createdAt.localeCompare(b.document.createdAt))
}

const [prefix, suffix] = ['running-', '.jsonl']
/** Bytes of a journal, as of a result. */
const maxBytes = 128 * 2 ** 20

async function create(folder: string, path: string): Promise<FileHandle | undefined> {
  try {
    await openFolder(folder)
    // A file of the same name is of an earlier process with the same number.
    await rm(path, { force: true })
    return await open(path, 'ax', ownersOnly)
  } catch {
    return undefined
  }
}

/** A journal as far as it can be read, and when its process started; empty where the file does not say. */
async function readJournal(file: string): Promise<{ started: string; run?: JournalledRun }> {
  const text = await readText(file, maxBytes).catch(() => '')
  // The last line is cut where the process was killed while it wrote.
  const [head, ...trials] = text.split('\n').flatMap(parsed)
  const { document, cpus, started = '' } = (head ?? {}) as Partial<RunFacts & { started: string }>
  if (document === undefined || cpus === undefined) return { started }
  return { started, run: { file, document, cpus, trials: trials as Measurement[] } }
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

/**
 * The time at which a process started, in ticks since the host booted: it tells a process from a later one with its
 * number. Empty if there is no such process.
 */
function startOf(pid: number): string {
  try {
    // Field 22. The second one, the name, may contain spaces and parentheses: proc_pid_stat(5).
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

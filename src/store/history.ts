import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UsageError } from '../kit/errors.ts'
import { writeOutput } from '../kit/output.ts'
import type { ResultDocument } from '../result/document.ts'
import { readResult } from '../result/read.ts'
import { resultText } from '../result/text.ts'
import { entryOf, type HistoryEntry, historyEntry } from './history-entry.ts'

/** The runs that were kept, oldest first, and folders whose result cannot be read. */
export interface History {
  readonly entries: readonly HistoryEntry[]
  readonly damaged: readonly string[]
}

/** Where the runs of a project are kept: `.lb/history` in the nearest folder that has `.lb`, else one with `.git`, else here. */
export function historyFolder(from: string): string {
  const project = nearestWith(from, '.lb') ?? nearestWith(from, '.git') ?? from
  return join(project, '.lb', 'history')
}

/**
 * Keeps a result in a folder of its own, and says which. It is written under another name first, so that a
 * folder with the name of a run always holds the whole run.
 *
 * @throws {UsageError} the folder cannot be written
 */
export async function keep(document: ResultDocument, folder: string): Promise<string> {
  const time = document.createdAt.replaceAll(':', '-')
  const scenario = document.plan.scenario.replace(/[^\w.-]/g, '-')
  const id = `${time}-${scenario}-${randomBytes(2).toString('hex')}`
  const fresh = join(folder, `${unfinished}${randomUUID()}`)
  try {
    await mkdir(fresh, { recursive: true })
    await using file = await open(join(fresh, resultName), 'wx')
    await file.writeFile(resultText(document))
    await file.sync()
    await rename(fresh, join(folder, id))
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(`cannot write ${folder} (${code})`, 'run lb where you may write')
  }
  return id
}

/**
 * Reads the history. The index is only a shortcut: runs that it lacks are read and added to it, those that are
 * gone are taken out, and with `rebuild` all are read again.
 */
export async function readHistory(folder: string, { rebuild = false } = {}): Promise<History> {
  const ids = (await names(folder)).filter((name) => !name.startsWith('.')).sort()
  const known = rebuild ? new Map<string, HistoryEntry>() : await readIndex(folder)
  const found = await Promise.all(
    ids.map(async (id) => known.get(id) ?? (await entryIn(folder, id))),
  )
  const entries = found.filter((entry) => entry !== undefined)
  const stale = entries.length !== known.size || entries.some(({ id }) => !known.has(id))
  if (stale) await writeIndex(folder, entries)
  return { entries, damaged: ids.filter((_, i) => found[i] === undefined) }
}

/** Removes all runs but the newest `most`, and what was left unfinished; says which runs. What is no run stays. */
export async function prune(folder: string, most: number): Promise<string[]> {
  const all = await names(folder)
  const ids = all
    .filter((name) => !name.startsWith('.') && existsSync(join(folder, name, resultName)))
    .sort()
  const gone = ids.slice(0, Math.max(0, ids.length - most))
  const left = all.filter((name) => name.startsWith(unfinished))
  for (const name of [...gone, ...left]) await rm(join(folder, name), { recursive: true })
  await readHistory(folder)
  return gone
}

const resultName = 'result.json'
const indexName = '.index.jsonl'
/** What the names of folders begin with that no run has taken yet. */
const unfinished = '.new-'

function nearestWith(from: string, name: string): string | undefined {
  if (existsSync(join(from, name))) return from
  const above = dirname(from)
  return above === from ? undefined : nearestWith(above, name)
}

/** What is in the folder; nothing where there is none yet. */
async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(({ code }) => {
    if (code === 'ENOENT') return []
    throw new UsageError(`cannot read ${folder} (${code})`, 'run lb where you may read')
  })
}

async function entryIn(folder: string, id: string): Promise<HistoryEntry | undefined> {
  return readResult(join(folder, id, resultName)).then(
    (document) => entryOf(id, document),
    () => undefined,
  )
}

async function readIndex(folder: string): Promise<Map<string, HistoryEntry>> {
  const text = await readFile(join(folder, indexName), 'utf8').catch(() => '')
  const entries = text.split('\n').flatMap((line) => {
    const read = historyEntry.safeParse(parsed(line))
    return read.success ? [[read.data.id, read.data] as const] : []
  })
  return new Map(entries)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // A line that is damaged is as good as missing: its run is read again.
    return undefined
  }
}

/** Whoever may only read the history has no use for an index either. */
async function writeIndex(folder: string, entries: readonly HistoryEntry[]): Promise<void> {
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  await writeOutput({ path: join(folder, indexName), force: true }, text).catch(() => undefined)
}

import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../kit/errors.ts'
import { ownersOnly, writeOutput } from '../kit/output.ts'
import { readText } from '../kit/read-text.ts'
import type { ResultDocument } from '../result/document.ts'
import { readResult } from '../result/read.ts'
import { resultText } from '../result/text.ts'
import { entryOf, type HistoryEntry, historyEntry } from './history-entry.ts'
import { lbFolder } from './lb-folder.ts'

/** The stored runs, oldest first, and the folders whose result cannot be read. */
export interface History {
  readonly entries: readonly HistoryEntry[]
  readonly damaged: readonly string[]
}

/** The folder with the stored runs of a project: `history` in its `.lb`. */
export function historyFolder(from: string): string {
  return join(lbFolder(from), 'history')
}

/**
 * Stores a result in a folder of its own and returns the name of that folder. It is written under a temporary name
 * first, so that a folder with the name of a run always holds the complete run.
 *
 * @throws {UsageError} the folder cannot be written
 */
export async function storeRun(document: ResultDocument, folder: string): Promise<string> {
  const time = document.createdAt.replaceAll(':', '-')
  const scenario = document.plan.scenario.replace(/[^\w.-]/g, '-')
  const id = `${time}-${scenario}-${randomBytes(2).toString('hex')}`
  const temporary = join(folder, `${temporaryPrefix}${randomUUID()}`)
  try {
    await mkdir(temporary, { recursive: true, mode: 0o700 })
    await using file = await open(join(temporary, resultName), 'wx', ownersOnly)
    await file.writeFile(resultText(document))
    await file.sync()
    await rename(temporary, join(folder, id))
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(
      `cannot write ${folder} (${code})`,
      'run lb in a folder that you may write',
    )
  }
  return id
}

/**
 * Reads the history. The index is only a cache: runs that it lacks are read and added, runs without a folder are
 * removed from it, and `rebuild` reads every run again.
 */
export async function readHistory(folder: string, { rebuild = false } = {}): Promise<History> {
  const ids = (await names(folder)).filter((name) => !name.startsWith('.')).sort()
  const indexed = rebuild ? new Map<string, HistoryEntry>() : await readIndex(folder)
  const read = await Promise.all(
    ids.map(async (id) => indexed.get(id) ?? (await entryIn(folder, id))),
  )
  const entries = read.filter((entry) => entry !== undefined)
  const stale = entries.length !== indexed.size || entries.some(({ id }) => !indexed.has(id))
  if (stale) await writeIndex(folder, entries)
  return { entries, damaged: ids.filter((_, i) => read[i] === undefined) }
}

/**
 * Removes all runs but the newest `count`, and the leftovers of interrupted writes. Folders without a result stay.
 * Returns the removed runs.
 */
export async function prune(folder: string, count: number): Promise<string[]> {
  const all = await names(folder)
  const ids = all
    .filter((name) => !name.startsWith('.') && existsSync(join(folder, name, resultName)))
    .sort()
  const removed = ids.slice(0, Math.max(0, ids.length - count))
  const leftovers = all.filter((name) => name.startsWith(temporaryPrefix))
  for (const name of [...removed, ...leftovers]) await rm(join(folder, name), { recursive: true })
  await readHistory(folder)
  return removed
}

const resultName = 'result.json'
const indexName = '.index.jsonl'
/** Bytes of the index; one that is larger is made again. */
const maxIndexBytes = 64 * 2 ** 20
/** Prefix of folders that are still being written. */
const temporaryPrefix = '.new-'

/** Names in the folder; none if it does not exist. */
async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(({ code }) => {
    if (code === 'ENOENT') return []
    throw new UsageError(`cannot read ${folder} (${code})`, 'run lb in a folder that you may read')
  })
}

async function entryIn(folder: string, id: string): Promise<HistoryEntry | undefined> {
  return readResult(join(folder, id, resultName)).then(
    (document) => entryOf(id, document),
    () => undefined,
  )
}

async function readIndex(folder: string): Promise<Map<string, HistoryEntry>> {
  const text = await readText(join(folder, indexName), maxIndexBytes).catch(() => '')
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
    // A damaged line counts as missing: its run is read again.
    return undefined
  }
}

/** Without write permission there is no index, and every run is read each time. */
async function writeIndex(folder: string, entries: readonly HistoryEntry[]): Promise<void> {
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  await writeOutput({ path: join(folder, indexName), force: true }, text, ownersOnly).catch(
    () => undefined,
  )
}

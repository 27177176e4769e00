type Callback = (this: unknown, ...values: never[]) => unknown

/** What a loop over an array does with what its callback returns for each element; a value ends the loop. */
interface Loop {
  readonly backward?: boolean
  /** Whether missing elements are passed over. */
  readonly skipsHoles?: boolean
  /** Called after each element. Returns the result in a box to end the loop with it. */
  readonly each: (
    returned: unknown,
    element: unknown,
    at: number,
  ) => { result: unknown } | undefined
  readonly end: () => unknown
}

const loops: Readonly<Record<string, (length: number) => Loop>> = {
  forEach: () => ({ skipsHoles: true, each: () => undefined, end: () => undefined }),
  map: (length) => {
    const made = new Array(length)
    return {
      skipsHoles: true,
      each: (returned, _, at) => {
        made[at] = returned
        return undefined
      },
      end: () => made,
    }
  },
  filter: () => {
    const kept: unknown[] = []
    return {
      skipsHoles: true,
      each: (returned, element) => {
        if (returned) kept.push(element)
        return undefined
      },
      end: () => kept,
    }
  },
  flatMap: () => {
    const made: unknown[] = []
    return {
      skipsHoles: true,
      each: (returned) => {
        if (Array.isArray(returned)) made.push(...returned)
        else made.push(returned)
        return undefined
      },
      end: () => made,
    }
  },
  some: () => ({
    skipsHoles: true,
    each: (returned) => (returned ? { result: true } : undefined),
    end: () => false,
  }),
  every: () => ({
    skipsHoles: true,
    each: (returned) => (returned ? undefined : { result: false }),
    end: () => true,
  }),
  find: () => finder((element) => element, undefined),
  findIndex: () => finder((_, at) => at, -1),
  findLast: () => ({ ...finder((element) => element, undefined), backward: true }),
  findLastIndex: () => ({ ...finder((_, at) => at, -1), backward: true }),
}

function finder(pick: (element: unknown, at: number) => unknown, missing: unknown): Loop {
  return {
    each: (returned, element, at) => (returned ? { result: pick(element, at) } : undefined),
    end: () => missing,
  }
}

/**
 * Calls a method of an array whose callback waits, one element after the other, as the method does by its
 * specification (ECMA-262, section 23.1.3). Another object's method of that name is called and awaited; `Map` and
 * `Set` have `forEach`.
 * @param optional whether a missing array gives undefined, as `?.` does
 */
export async function each(
  method: string,
  optional: boolean,
  items: unknown,
  callback: Callback,
  ...rest: unknown[]
): Promise<unknown> {
  if (optional && (items === undefined || items === null)) return undefined
  if (!Array.isArray(items)) return await eachOf(method, items, callback, rest)
  if (method === 'reduce' || method === 'reduceRight')
    return await reduce(items, callback, rest, method === 'reduceRight')
  const loop = loops[method]?.(items.length) as Loop
  const { length } = items
  for (let step = 0; step < length; step++) {
    const at = loop.backward ? length - 1 - step : step
    if (loop.skipsHoles && !(at in items)) continue
    const element = items[at]
    const returned = await callback.call(rest[0], element as never, at as never, items as never)
    const ended = loop.each(returned, element, at)
    if (ended !== undefined) return ended.result
  }
  return loop.end()
}

/** The same of an object that is no array. */
async function eachOf(
  method: string,
  items: unknown,
  callback: Callback,
  rest: readonly unknown[],
): Promise<unknown> {
  if (method !== 'forEach' || !(items instanceof Map || items instanceof Set)) {
    const own = (items as Record<string, Callback>)[method] as Callback
    return await own.call(items, callback as never, ...(rest as never[]))
  }
  for (const [key, value] of items.entries())
    await callback.call(rest[0], value as never, key as never, items as never)
  return undefined
}

async function reduce(
  items: readonly unknown[],
  callback: Callback,
  rest: readonly unknown[],
  backward: boolean,
): Promise<unknown> {
  const indexes = [...items.keys()].filter((at) => at in items)
  if (backward) indexes.reverse()
  if (rest.length === 0 && indexes.length === 0)
    throw new TypeError('Reduce of empty array with no initial value')
  let made = rest.length > 0 ? rest[0] : items[indexes.shift() as number]
  for (const at of indexes)
    made = await callback.call(
      undefined,
      made as never,
      items[at] as never,
      at as never,
      items as never,
    )
  return made
}

/** `Array.from(source, callback)` with a callback that waits. */
export async function arrayFrom(source: Iterable<unknown>, callback: Callback): Promise<unknown[]> {
  const made: unknown[] = []
  for (const [at, element] of Array.from(source).entries())
    made.push(await callback.call(undefined, element as never, at as never))
  return made
}

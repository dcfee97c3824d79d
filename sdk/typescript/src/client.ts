import createClient, {
  type Client,
  type HeadersOptions,
  type MaybeOptionalInit,
} from "openapi-fetch";
import type {
  HttpMethod,
  MediaType,
  PathsWithMethod,
  RequiredKeysOf,
  ResponseObjectMap,
  SuccessResponse,
} from "openapi-typescript-helpers";

import type { paths } from "./generated/api.js";
import { DEFAULT_RETRIES, type Fetch, type Retries, retrying } from "./retries.js";

/** What a route answers when all is well. */
export type Answer<P extends keyof paths, M extends HttpMethod> = paths[P] extends {
  [method in M]: infer Operation extends Record<string | number, unknown>;
}
  ? SuccessResponse<ResponseObjectMap<Operation>, MediaType>
  : never;

/** Row of a list that a route answers. */
export type Row<P extends keyof paths> = Answer<P, "get"> extends { data: (infer R)[] } ? R : never;

/** Parameters and body of a call; there are none to give where none is required. */
type InitParam<I> = RequiredKeysOf<I> extends never ? [I?] : [I];

type Call<M extends HttpMethod> = <
  P extends PathsWithMethod<paths, M> & keyof paths,
  I extends MaybeOptionalInit<paths[P], M>,
>(
  path: P,
  ...init: InitParam<I>
) => Promise<Answer<P, M>>;

export interface Options {
  /** Address of the server, without `/v1`. */
  url: string;
  /** An operator token, a portal session's token or an API key. */
  token: string;
  /** The account that an operator acts on; `params.header` of a single call goes before it. */
  account?: string;
  /** Seconds that a try may take; 30 by default. */
  timeout?: number;
  retries?: Partial<Retries>;
  /** Replacement for the global `fetch`. */
  fetch?: Fetch;
}

/** Connection to one server, with one credential. Its methods throw a `LatchhookError`. */
export class Latchhook {
  readonly #client: Client<paths>;

  readonly get: Call<"get"> = this.#call("get");
  readonly post: Call<"post"> = this.#call("post");
  readonly put: Call<"put"> = this.#call("put");
  readonly patch: Call<"patch"> = this.#call("patch");
  readonly delete: Call<"delete"> = this.#call("delete");

  constructor({ url, token, account, timeout = 30, retries, fetch }: Options) {
    const headers: HeadersOptions = { Authorization: `Bearer ${token}` };
    if (account !== undefined) headers["Latchhook-Account"] = account;
    const inner = fetch ?? ((request: Request) => globalThis.fetch(request));
    this.#client = createClient<paths>({
      baseUrl: url.replace(/\/+$/, ""),
      headers,
      redirect: "manual",
      fetch: retrying(inner, { ...DEFAULT_RETRIES, ...retries }, timeout),
    });
  }

  /** Yields each row of a list; a page is asked for when its first row is. */
  async *iterate<
    P extends PathsWithMethod<paths, "get"> & keyof paths,
    I extends MaybeOptionalInit<paths[P], "get">,
  >(path: P, ...init: InitParam<I>): AsyncGenerator<Row<P>, void, undefined> {
    const call = this.get as (path: P, init: object) => Promise<Page<Row<P>>>;
    const options: { params?: { query?: object } } = init[0] ?? {};
    let following: object = {};
    for (;;) {
      const query = { ...options.params?.query, ...following };
      const page = await call(path, { ...options, params: { ...options.params, query } });
      yield* page.data;
      if (page.next_href === null) return;
      following = { cursor: new URL(page.next_href, "http://any").searchParams.get("cursor") };
    }
  }

  #call<M extends HttpMethod>(method: M): Call<M> {
    const call = async (path: string, init?: object): Promise<unknown> => {
      const request = this.#client.request as unknown as Untyped;
      return (await request(method, path, init)).data;
    };
    return call as unknown as Call<M>;
  }
}

interface Page<R> {
  data: R[];
  next_href: string | null;
}

/** `request` of openapi-fetch, whose types cannot be put together again from those of `Call`. */
type Untyped = (method: string, path: string, init?: object) => Promise<{ data?: unknown }>;

package latchhook;

import java.util.List;

/** Page of a list. */
public interface Page<R> {
  /** Rows, newest first. */
  List<R> getData();

  /** Path of the next page; null on the last one. */
  String getNextHref();

  /** Method of a list's route. */
  @FunctionalInterface
  interface Fetch<P extends Params, R> {
    Page<R> fetch(P params, Option... options);
  }
}

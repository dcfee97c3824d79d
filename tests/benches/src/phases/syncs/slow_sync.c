/* Lets each sync of a file take SLOW_SYNC_MICROS longer, as on a slower disk. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int slowly(const char *name, int file) {
  const char *text = getenv("SLOW_SYNC_MICROS");
  long micros = text ? atol(text) : 0;
  struct timespec delay = {micros / 1000000, micros % 1000000 * 1000};
  nanosleep(&delay, NULL);
  int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  return sync(file);
}

int fsync(int file) { return slowly("fsync", file); }

int fdatasync(int file) { return slowly("fdatasync", file); }

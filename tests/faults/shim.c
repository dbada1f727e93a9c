/* Loaded before the C library: lets the nth file operation below a folder fail, or ends the process there.
 *
 * FAULT_ROOT    operations on paths below this folder count
 * FAULT_CALL    write | rename | fsync | open (to write) | mkdir | read (a file or folder opened to be read)
 * FAULT_AT      which of them, from 1; 0 lets all pass
 * FAULT_ERRNO   with which error it fails; without it the process is killed before the operation is done
 * FAULT_STICKY  every later one fails as well: a full disk, a folder that became read-only
 * FAULT_TORN    a write is done by half before the process is killed
 * FAULT_COUNT   file that receives the number of operations of each kind at the end
 * FAULT_CLOCK   seconds by which the clock jumps after its tenth reading
 * FAULT_NOEXCHANGE  1: two folders cannot be exchanged in one step, as on a network share; 2: killed when they should be
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { WRITE, RENAME, FSYNC, OPEN, MKDIR, READ, KINDS };
static const char *names[KINDS] = { "write", "rename", "fsync", "open", "mkdir", "read" };
static unsigned long counts[KINDS];
static const char *root;
static size_t root_len;
static int kind = -1, error_number, sticky, torn;
static unsigned long at;
static long jump;
static unsigned long readings;

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static unsigned long number(const char *name) {
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *call = getenv("FAULT_CALL"), *seconds = getenv("FAULT_CLOCK");
    root = getenv("FAULT_ROOT");
    root_len = root ? strlen(root) : 0;
    for (int k = 0; call && k < KINDS; k++)
        if (!strcmp(call, names[k])) kind = k;
    at = number("FAULT_AT");
    error_number = (int)number("FAULT_ERRNO");
    sticky = (int)number("FAULT_STICKY");
    torn = (int)number("FAULT_TORN");
    jump = seconds ? strtol(seconds, NULL, 10) : 0;
    unsigned long exchange = number("FAULT_NOEXCHANGE");
    if (exchange) {
        struct sock_filter code[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, exchange == 2 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EINVAL),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = { sizeof code / sizeof *code, code };
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    }
}

__attribute__((destructor)) static void end(void) {
    const char *file = getenv("FAULT_COUNT");
    FILE *out = file ? fopen(file, "w") : NULL;
    if (!out) return;
    for (int k = 0; k < KINDS; k++) fprintf(out, "%s %lu\n", names[k], counts[k]);
    fclose(out);
}

static int below(const char *path) {
    return root && path && !strncmp(path, root, root_len);
}

static int below_fd(int fd) {
    char link[64], path[4096];
    if (!root || fd < 3) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return below(path);
}

/* 1: this operation must fail with `error_number`. */
static int strikes(enum kind k) {
    unsigned long n = __atomic_add_fetch(&counts[k], 1, __ATOMIC_SEQ_CST);
    return (int)k == kind && at && (n == at || (sticky && n > at));
}

static int fails(enum kind k) {
    if (!strikes(k)) return 0;
    if (!error_number) kill(getpid(), SIGKILL);
    errno = error_number;
    return 1;
}

ssize_t write(int fd, const void *data, size_t n) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (below_fd(fd) && strikes(WRITE)) {
        if (error_number) { errno = error_number; return -1; }
        if (torn) real(fd, data, n / 2);
        kill(getpid(), SIGKILL);
    }
    return real(fd, data, n);
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (below_fd(fd) && fails(WRITE)) return -1;
    return real(fd, parts, n);
}

int fsync(int fd) {
    REAL(int, fsync, int);
    if (below_fd(fd) && fails(FSYNC)) return -1;
    return real(fd);
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    if ((below(from) || below(to)) && fails(RENAME)) return -1;
    return real(from, to);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    if (below(path) && fails(MKDIR)) return -1;
    return real(path, mode);
}

int open64(const char *path, int flags, ...) {
    REAL(int, open64, const char *, int, ...);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    enum kind k = flags & (O_WRONLY | O_RDWR | O_CREAT) ? OPEN : READ;
    if (below(path) && fails(k)) return -1;
    return real(path, flags, mode);
}

DIR *opendir(const char *path) {
    REAL(DIR *, opendir, const char *);
    if (below(path) && fails(READ)) return NULL;
    return real(path);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(int, clock_gettime, clockid_t, struct timespec *);
    int result = real(clock, now);
    if (jump && clock == CLOCK_REALTIME && __atomic_add_fetch(&readings, 1, __ATOMIC_SEQ_CST) > 10)
        now->tv_sec += jump;
    return result;
}

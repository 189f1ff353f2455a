/* A preload library that moves and speeds up the wall clock, and nothing else.
 *
 * Monotonic clocks stay real, so timeouts stay real. Made for `systemd --user` and cron, which
 * libfaketime does not suit: systemd waits in timerfds on the wall clock, cron sleeps.
 *
 * /run/fastclock holds three numbers: the fake time in seconds since the epoch, the real time at
 * which it was that, and how many fake seconds pass in a real one. Without that file the clock is
 * real. With FASTCLOCK_SLEEP=1 relative sleeps are shortened too: for cron, which sleeps by the
 * wall clock.
 *
 * Built by rooms.py: cc -O2 -shared -fPIC
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MOST_FILES 65536
#define NEVER (1LL << 40) /* systemd arms a timer in the far future to hear of clock changes */

static long double fake_start, real_start, rate = 1;
static int sleeps;
static unsigned char on_wall_clock[MOST_FILES];

__attribute__((constructor)) static void read_settings(void) {
    FILE *settings = fopen("/run/fastclock", "re");
    const char *wanted = getenv("FASTCLOCK_SLEEP");
    sleeps = wanted && *wanted == '1';
    if (!settings) return;
    if (fscanf(settings, "%Lf %Lf %Lf", &fake_start, &real_start, &rate) != 3) abort();
    fclose(settings);
}

static long double seconds(const struct timespec *time) {
    return time->tv_sec + time->tv_nsec / 1e9L;
}

static struct timespec spec(long double seconds) {
    struct timespec time = {(time_t)seconds, 0};
    time.tv_nsec = (long)((seconds - time.tv_sec) * 1e9L);
    return time;
}

static struct timespec to_fake(const struct timespec *real) {
    return spec(fake_start + (seconds(real) - real_start) * rate);
}

/* Never zero: that would disarm a timer instead of firing it. */
static struct timespec to_real(const struct timespec *fake) {
    long double real = real_start + (seconds(fake) - fake_start) / rate;
    return spec(real < 1 ? 1 : real);
}

static struct timespec shortened(const struct timespec *duration) {
    return spec(seconds(duration) / rate);
}

static int is_wall(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
           clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && is_wall(clock)) *time = to_fake(time);
    return result;
}

static struct timespec now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec fake = now();
    (void)zone;
    time->tv_sec = fake.tv_sec;
    time->tv_usec = fake.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    time_t seconds = now().tv_sec;
    if (result) *result = seconds;
    return seconds;
}

int timespec_get(struct timespec *time, int base) {
    *time = now();
    return base;
}

int timerfd_create(int clock, int flags) {
    int file = syscall(SYS_timerfd_create, clock, flags);
    if (file >= 0 && file < MOST_FILES) on_wall_clock[file] = is_wall(clock);
    return file;
}

int timerfd_settime(int file, int flags, const struct itimerspec *wanted, struct itimerspec *old) {
    struct itimerspec real = *wanted;
    struct timespec *value = &real.it_value;
    int armed = (value->tv_sec || value->tv_nsec) && value->tv_sec < NEVER;
    if (file >= 0 && file < MOST_FILES && on_wall_clock[file] && armed)
        *value = flags & TFD_TIMER_ABSTIME ? to_real(value) : shortened(value);
    return syscall(SYS_timerfd_settime, file, flags, &real, old);
}

int nanosleep(const struct timespec *wanted, struct timespec *left) {
    struct timespec duration = sleeps ? shortened(wanted) : *wanted;
    return syscall(SYS_nanosleep, &duration, left);
}

unsigned sleep(unsigned wanted) {
    struct timespec duration = {wanted, 0}, left = {0, 0};
    return nanosleep(&duration, &left) == 0 ? 0 : left.tv_sec * (sleeps ? rate : 1);
}

int usleep(useconds_t wanted) {
    struct timespec duration = {wanted / 1000000, wanted % 1000000 * 1000L};
    return nanosleep(&duration, NULL);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted,
                    struct timespec *left) {
    struct timespec time = *wanted;
    int absolute = flags & TIMER_ABSTIME;
    if (absolute && is_wall(clock)) time = to_real(wanted);
    if (!absolute && sleeps) time = shortened(wanted);
    return syscall(SYS_clock_nanosleep, clock, flags, &time, left) < 0 ? errno : 0;
}

/* A persistent timer remembers its last run as a file's time, which the kernel would make real. */
static int touch(int folder, const char *path, const struct timespec *times, int flags) {
    struct timespec fixed[2];
    for (int i = 0; i < 2; i++)
        fixed[i] = !times || times[i].tv_nsec == UTIME_NOW ? now() : times[i];
    return syscall(SYS_utimensat, folder, path, fixed, flags);
}

int utimensat(int folder, const char *path, const struct timespec *times, int flags) {
    return touch(folder, path, times, flags);
}

int futimens(int file, const struct timespec *times) {
    return touch(file, NULL, times, 0);
}

// Loaded before a program: tells the parent its peak memory, in MB, when it ends. The channel alone keeps nothing running.
process.channel?.unref();
process.on("exit", () => process.send?.(process.resourceUsage().maxRSS / 1024));

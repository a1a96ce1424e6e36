package io.pgcharter.entry.web;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a browser is called by people: `Firefox on Linux`. Nothing of what it sends is kept.
final class BrowserName {
    private static final Map<String, String> BROWSERS = inTurns(
            "Edg",
            "Edge",
            "OPR/",
            "Opera",
            "Firefox/",
            "Firefox",
            "Chrome/",
            "Chrome",
            "Safari/",
            "Safari",
            "curl/",
            "curl");
    private static final Map<String, String> SYSTEMS = inTurns(
            "iPhone",
            "iPhone",
            "iPad",
            "iPad",
            "Android",
            "Android",
            "Windows",
            "Windows",
            "Mac OS X",
            "macOS",
            "CrOS",
            "ChromeOS",
            "Linux",
            "Linux");

    private BrowserName() {}

    /// What is found first counts: many call themselves also by the names that follow.
    private static Map<String, String> inTurns(String... pairs) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int index = 0; index < pairs.length; index += 2) {
            names.put(pairs[index], pairs[index + 1]);
        }
        return names;
    }

    /// @param agent the header `User-Agent`
    static String of(String agent) {
        String browser = name(BROWSERS, agent, "a program");
        String system = name(SYSTEMS, agent, "");
        return system.isEmpty() ? browser : browser + " on " + system;
    }

    private static String name(Map<String, String> names, String agent, String otherwise) {
        return names.entrySet().stream()
                .filter(entry -> agent.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }
}

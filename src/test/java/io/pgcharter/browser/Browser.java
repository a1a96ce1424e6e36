package io.pgcharter.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/// A real Chromium without a screen, as a person would use it; Debian's packages `chromium` and `chromium-driver`.
public final class Browser implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /// @param directory an empty one, for the browser's profile
    public static Browser start(Path directory) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--user-data-dir=" + directory);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .usingAnyFreePort()
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.wide();
        return browser;
    }

    public Browser open(String address) {
        driver.get(address);
        return this;
    }

    public String address() {
        return Objects.requireNonNull(driver.getCurrentUrl());
    }

    public WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    public List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /// Waits until the selector matches something that can be seen, and gives the first.
    public WebElement await(String selector) {
        return await(
                "to see " + selector,
                () -> all(selector).stream().filter(WebElement::isDisplayed).findFirst());
    }

    /// Waits until the page shows `text` somewhere.
    public void awaitText(String text) {
        await("to read " + text, () -> text().contains(text) ? Optional.of(text) : Optional.empty());
    }

    private <T> T await(String what, Supplier<Optional<T>> seen) {
        try {
            return Objects.requireNonNull(new WebDriverWait(driver, PATIENCE)
                    .ignoring(StaleElementReferenceException.class)
                    .until(any -> seen.get().orElse(null)));
        } catch (TimeoutException e) {
            throw new AssertionError("waited " + what + "; " + address() + " shows:\n" + text(), e);
        }
    }

    /// All text that a person sees.
    public String text() {
        return find("body").getText();
    }

    /// What the script returns; an empty text for nothing.
    public Object script(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    /// The element that has the keyboard.
    public WebElement focused() {
        return driver.switchTo().activeElement();
    }

    public void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    public void wide() {
        size(1360, 900, false);
    }

    public void phone() {
        size(390, 844, true);
    }

    private void size(int width, int height, boolean mobile) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
    }

    public void withoutJavaScript(boolean without) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", without));
    }

    public void forgetCookies() {
        driver.manage().deleteAllCookies();
    }

    /// The whole page as `target/screenshots/NAME.png`.
    public Path screenshot(String name) {
        return screenshot(name, true);
    }

    /// What a window of 1200 by 800 shows of the page, as `target/screenshots/NAME.png`.
    public Path picture(String name) {
        size(1200, 800, false);
        Path picture = screenshot(name, false);
        wide();
        return picture;
    }

    private Path screenshot(String name, boolean whole) {
        Object data = driver.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole))
                .get("data");
        try {
            Files.createDirectories(SCREENSHOTS);
            return Files.write(
                    SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode((String) data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the browser complained about since this was last asked: errors of scripts, things that the content security
    /// policy kept out, files that are missing.
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /// Addresses that the page loaded anything from.
    @SuppressWarnings("unchecked")
    public List<String> loaded() {
        return (List<String>) script("return performance.getEntriesByType('resource').map(entry => entry.name)");
    }

    /// What axe finds wrong by WCAG 2.2 AA, one line for each rule and element; empty for nothing.
    public List<String> barriers() {
        return barriers("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");
    }

    /// What axe finds wrong by these rules, or rules with these tags.
    @SuppressWarnings("unchecked")
    public List<String> barriers(String... rules) {
        script(AXE);
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, { runOnly: arguments[0] })
                    .then(found => done(found.violations.flatMap(rule => rule.nodes.map(node =>
                        rule.id + ": " + node.html + ": " + node.failureSummary))), error => done(["axe: " + error]));""", List.of(rules));
        return new ArrayList<>((List<String>) Objects.requireNonNull(found));
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static final String AXE = read("axe.min.js");

    private static String read(String name) {
        try (InputStream in = Browser.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

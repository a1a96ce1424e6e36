package io.pgcharter.platform.sql;

import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import libpgquery.LibPgQueryMachine;
import org.jspecify.annotations.Nullable;

/// libpg_query 18.1.5 in memory of its own. Not thread-safe, and of no use any more once a call has thrown.
///
/// The module is emscripten's, with short names for what it imports and exports; which is which stands in its
/// `libpg-query.js`. PostgreSQL's errors are longjmp: an import `invoke_…` calls a function of the module's table, and
/// when that throws, puts the stack back and says so with `setThrew`.
final class WasmParser {
    private static final String MODULE = "a";

    /// The imports that call into the table.
    private static final Set<String> INVOKE = Set.of("a", "b", "d", "e", "f", "g", "h", "i", "j", "k", "l", "n", "y");

    private static final String THROW_LONGJMP = "p";
    private static final String RESIZE_HEAP = "q";
    private static final String WRITE = "t";

    /// The module asks for 128 MiB at once; what it has after its first text, before which it would grow to it by
    /// copying. Larger texts make it grow.
    private static final int PAGES_FIRST = 528;

    /// Of 64 KiB: 1 GiB.
    private static final int PAGES_MOST = 16_384;

    private static final int PAGE = 65_536;

    private final Instance instance;
    private final Memory memory;
    private final ExportFunction allocate;
    private final ExportFunction free;
    private final ExportFunction stackOf;
    private final ExportFunction stackBack;
    private final ExportFunction setThrew;

    WasmParser(WasmModule module) {
        ImportValues.Builder imports = ImportValues.builder();
        module.importSection().stream()
                .filter(wanted -> wanted.importType() == ExternalType.FUNCTION)
                .map(FunctionImport.class::cast)
                .forEach(wanted -> imports.addFunction(
                        host(wanted.name(), module.typeSection().getType(wanted.typeIndex()))));
        this.instance = Instance.builder(module)
                .withImportValues(imports.build())
                .withMachineFactory(LibPgQueryMachine::new)
                .withMemoryLimits(new MemoryLimits(PAGES_FIRST, PAGES_MOST))
                .build();
        this.memory = instance.memory();
        this.allocate = instance.export("C");
        this.free = instance.export("E");
        this.stackOf = instance.export("R");
        this.stackBack = instance.export("Q");
        this.setThrew = instance.export("P");
        instance.export("A").apply(); // __wasm_call_ctors
    }

    /// What went wrong in PostgreSQL's words, and where: in characters from 1, or 0 if nowhere.
    record Refusal(String message, int position) {}

    /// @param tree as libpg_query's JSON
    record Answer(@Nullable String tree, @Nullable Refusal refusal) {}

    Answer parse(String sql) {
        return with(sql, text -> {
            int result = (int) instance.export("F").apply(text)[0];
            try {
                int error = memory.readInt(result + 8);
                return error == 0
                        ? new Answer(memory.readCString(memory.readInt(result)), null)
                        : new Answer(
                                null,
                                new Refusal(memory.readCString(memory.readInt(error)), memory.readInt(error + 16)));
            } finally {
                instance.export("G").apply(result);
            }
        });
    }

    /// The functions' bodies as JSON, or PostgreSQL's message.
    String plpgsql(String sql) {
        return text("H", sql);
    }

    String fingerprint(String sql) {
        return text("I", sql);
    }

    String normalized(String sql) {
        return text("J", sql);
    }

    /// The tokens as JSON, or PostgreSQL's message.
    String tokens(String sql) {
        return text("M", sql);
    }

    private String text(String function, String sql) {
        return with(sql, text -> {
            int result = (int) instance.export(function).apply(text)[0];
            try {
                return memory.readCString(result);
            } finally {
                instance.export("N").apply(result);
            }
        });
    }

    private <T> T with(String sql, Function<Integer, T> work) {
        byte[] utf8 = sql.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(utf8, utf8.length + 1); // it ends with a zero
        int text = (int) allocate.apply(bytes.length)[0];
        if (text == 0) {
            throw new IllegalStateException("the parser has no memory for " + bytes.length + " bytes");
        }
        memory.write(text, bytes);
        T result = work.apply(text);
        free.apply(text);
        return result;
    }

    private HostFunction host(String name, FunctionType type) {
        WasmFunctionHandle handle = switch (name) {
            case THROW_LONGJMP ->
                (_, _) -> {
                    throw new Longjmp();
                };
            case RESIZE_HEAP -> (_, arguments) -> new long[] {grow(arguments[0])};
            case WRITE ->
                (_, arguments) -> new long[] {swallow((int) arguments[1], (int) arguments[2], (int) arguments[3])};
            default -> INVOKE.contains(name) ? invoke(type) : missing(name);
        };
        return new HostFunction(MODULE, name, type, handle);
    }

    private WasmFunctionHandle invoke(FunctionType type) {
        boolean isAnswered = !type.returns().isEmpty();
        return (caller, arguments) -> {
            long stack = stackOf.apply()[0];
            try {
                int function = caller.table(0).requiredRef((int) arguments[0]);
                return caller.getMachine().call(function, Arrays.copyOfRange(arguments, 1, arguments.length));
            } catch (Longjmp _) {
                stackBack.apply(stack);
                setThrew.apply(1, 0);
                return isAnswered ? new long[1] : new long[0];
            }
        };
    }

    /// What the module imports but the parser never needs: files, timers, exits.
    private static WasmFunctionHandle missing(String name) {
        return (_, _) -> {
            throw new IllegalStateException("the parser called its import '" + name + "', which it has no use for");
        };
    }

    /// `fd_write`: PostgreSQL's warnings, such as of a backslash in a literal, which no one reads.
    private long swallow(int vectors, int count, int written) {
        int bytes = 0;
        for (int vector = 0; vector < count; vector++) {
            bytes += memory.readInt(vectors + 8 * vector + 4);
        }
        memory.writeI32(written, bytes);
        return 0;
    }

    private long grow(long bytes) {
        long pages = (bytes + PAGE - 1) / PAGE - memory.pages();
        return pages <= 0 || memory.grow((int) pages) >= 0 ? 1 : 0;
    }

    private static final class Longjmp extends RuntimeException {
        Longjmp() {
            super(null, null, false, false);
        }
    }
}

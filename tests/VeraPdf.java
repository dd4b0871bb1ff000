// What veraPDF says of PDF files: a line for each file and standard, then a line for each rule that is broken.
// java -cp … VeraPdf FILE… (1b=FILE: an archive copy, by PDF/A-1b alone)

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class VeraPdf {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            if (file.startsWith("1b=")) {
                judge(file.substring(3), PDFAFlavour.PDFA_1_B);
                continue;
            }
            for (PDFAFlavour standard : List.of(PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1)) {
                judge(file, standard);
            }
        }
    }

    private static void judge(String file, PDFAFlavour standard) throws Exception {
        try (InputStream input = Files.newInputStream(Path.of(file));
                PDFAParser parser = Foundries.defaultInstance().createParser(input, standard);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(standard, false)) {
            ValidationResult result = validator.validate(parser);
            TreeSet<String> broken = new TreeSet<>();
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() != TestAssertion.Status.PASSED) {
                    broken.add(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber());
                }
            }
            System.out.println(String.join("\t", "judged", file, standard.getId(), String.valueOf(result.isCompliant()),
                    String.valueOf(result.getTotalAssertions()), String.join(" ", broken)));
        }
    }
}
